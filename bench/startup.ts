import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable, summarise, type Row } from "./table.ts";

/** How long the command line takes to answer, compared with an empty Node program in the same run: `npm run bench:startup`. */
const cli = fileURLToPath(new URL("../bin/infer-deploy.js", import.meta.url));
const runs = 15;
const folder = mkdtempSync(join(tmpdir(), "bench-startup-"));
writeFileSync(
  join(folder, "infer-deploy.yml"),
  "name: Bad_Name\nregion: eu-west-1\nimage:\n  port: 99999\n",
);

const cases: readonly (readonly [string, readonly string[]])[] = [
  ["bare node", ["--eval", "0"]],
  ["--version", [cli, "--version"]],
  ["--help", [cli, "--help"]],
  ["up, with a bad config (exit 64)", [cli, "up"]],
];
const seconds = new Map<string, number[]>(cases.map(([name]) => [name, []]));
// Alternately, so that a machine that slows down affects all of them.
for (let run = 0; run <= runs; run += 1) {
  for (const [name, args] of cases) {
    const started = performance.now();
    spawnSync(process.execPath, args, { cwd: folder, stdio: "ignore" });
    if (run > 0) {
      seconds.get(name)?.push((performance.now() - started) / 1000);
    }
  }
}
rmSync(folder, { recursive: true });

const floor = summarise(seconds.get("bare node") ?? []).median;
const rows: readonly Row[] = cases.map(([name]) => {
  const { median, min, max } = summarise(seconds.get(name) ?? []);
  return {
    case: name,
    milliseconds: median * 1000,
    min: min * 1000,
    max: max * 1000,
    ratio: median / floor,
  };
});
printTable("startup", rows);
