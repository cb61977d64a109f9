// node axe.mjs CHROMIUM FOLDER PATH...: axe-core on pages of the site in FOLDER, in light and in
// dark, on a wide and on a narrow screen, and whether anything is wider than the screen. A finding
// a line; exit 1 on any.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const VIEWS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
];

const [, , executablePath, folder, ...paths] = process.argv;
const { address, close } = await serve(folder);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
let findings = 0;
const say = (...words) => {
  findings += 1;
  console.log(...words);
};
for (const { colorScheme, width } of VIEWS) {
  // The pages' own policy lets no script in; ours has to come in all the same.
  const context = await browser.newContext({
    bypassCSP: true,
    colorScheme,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  for (const path of paths) {
    await page.goto(`${address}/${path}`);
    const where = `${path} (${colorScheme}, ${width} px):`;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) say(where, `${wide} px wider than the screen`);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      (values) => axe.run({ runOnly: { type: "tag", values } }),
      TAGS,
    );
    for (const { id, impact, help, nodes } of violations) {
      say(where, `${help} (${id}, ${impact}), ${nodes.length} times:`, nodes[0].html.slice(0, 160));
    }
  }
  await context.close();
}
await browser.close();
close();
console.log(`${paths.length} pages in ${VIEWS.length} views, ${findings} findings`);
process.exitCode = findings ? 1 : 0;
