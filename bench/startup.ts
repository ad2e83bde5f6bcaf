import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable, summarise, type Row } from "./table.ts";

/**
 * How long the command line takes to answer, compared with an empty Node program in the same run: `npm run bench:startup`. Ends with 1 when an
 * answer that needs no configuration takes longer than the bound.
 */
const cli = fileURLToPath(new URL("../bin/infer-deploy.js", import.meta.url));
const runs = 15;
const mostMilliseconds = 20;
const folder = mkdtempSync(join(tmpdir(), "bench-startup-"));
const caches = mkdtempSync(join(tmpdir(), "bench-startup-cache-"));
writeFileSync(
  join(folder, "infer-deploy.yml"),
  "name: Bad_Name\nregion: eu-west-1\nimage:\n  port: 99999\n",
);

const cases = [
  { name: "bare node", args: ["--eval", "0"], isBound: true },
  { name: "--version", args: [cli, "--version"], isBound: true },
  { name: "--help", args: [cli, "--help"], isBound: true },
  { name: "up --help", args: [cli, "up", "--help"], isBound: true },
  { name: "up, with a bad config (exit 64)", args: [cli, "up"], isBound: false },
];
const seconds = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
// Alternately, so that a machine that slows down affects all of them.
for (let run = 0; run <= runs; run += 1) {
  for (const { name, args } of cases) {
    const started = performance.now();
    const env = { ...process.env, XDG_CACHE_HOME: caches };
    spawnSync(process.execPath, args, { cwd: folder, env, stdio: "ignore" });
    if (run > 0) {
      seconds.get(name)?.push((performance.now() - started) / 1000);
    }
  }
}
rmSync(folder, { recursive: true });
rmSync(caches, { recursive: true });

const floor = summarise(seconds.get("bare node") ?? []).median;
const rows: readonly Row[] = cases.map(({ name, isBound }) => {
  const { median, min, max } = summarise(seconds.get(name) ?? []);
  return {
    case: name,
    milliseconds: median * 1000,
    min: min * 1000,
    max: max * 1000,
    ratio: median / floor,
    over: (median - floor) * 1000,
    bound: isBound ? mostMilliseconds : "",
  };
});
printTable("startup", rows);
if (rows.some(({ over, bound }) => Number(over) > Number(bound || Infinity))) process.exitCode = 1;
