// A folder served as a host of static files would serve it: index.html for a folder, gzip, 404.html.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".atom": "application/atom+xml",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** Serve `folder` on loopback; its address, without a slash at the end, and how to end it. */
export async function serve(folder) {
  const read = (path) => readFileSync(join(folder, path.endsWith("/") ? `${path}index.html` : path));
  const server = createServer((request, response) => {
    let path = normalize(decodeURI(new URL(request.url, "http://host").pathname));
    let [status, body] = [200, null];
    try {
      body = read(path);
    } catch {
      [status, body, path] = [404, read("/404.html"), "/404.html"];
    }
    response.writeHead(status, {
      "Cache-Control": "max-age=600",
      "Content-Encoding": "gzip",
      "Content-Type": TYPES[extname(path) || ".html"] ?? "application/octet-stream",
    });
    response.end(gzipSync(body));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
