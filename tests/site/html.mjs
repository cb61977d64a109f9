// node html.mjs FOLDER: html-validate on every page, on all cores. A kind of finding a line, with the
// first place where it was found; exit 1 on any.
import { availableParallelism } from "node:os";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const RULES = { root: true, extends: ["html-validate:recommended", "html-validate:a11y"] };

async function findings(files) {
  const validator = new HtmlValidate(new StaticConfigLoader(RULES));
  const found = [];
  for (const file of files) {
    const report = await validator.validateFile(file);
    for (const { messages } of report.results) {
      for (const { line, column, ruleId, message } of messages) {
        found.push({ what: `${message} (${ruleId})`, where: `${file}:${line}:${column}` });
      }
    }
  }
  return found;
}

if (isMainThread) {
  const folder = process.argv[2];
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".html"))
    .map((name) => join(folder, name));
  const hands = availableParallelism();
  const parts = Array.from({ length: hands }, (_, hand) => files.filter((_, at) => at % hands === hand));
  const found = await Promise.all(
    parts.map(
      (part) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: part });
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    ),
  );
  const kinds = Map.groupBy(found.flat(), ({ what }) => what);
  for (const [what, places] of kinds) console.log(`${what}, ${places.length} times: ${places[0].where}`);
  console.log(`${files.length} pages, ${found.flat().length} findings`);
  process.exitCode = found.flat().length ? 1 : 0;
} else {
  parentPort.postMessage(await findings(workerData));
}
