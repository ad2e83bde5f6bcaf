import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { cliPath, repository } from "../_helpers/cli.ts";

const exec = promisify(execFile);
const questions = [["--help"], ["up", "--help"], ["help", "release"], ["lock", "--help"]].map(
  (words) => ({ words }),
);

test("--version loads nothing but its own answer", async () => {
  expect(await bytesOf(await loadedBy(cliPath, ["--version"]))).toBeLessThan(15_000);
});

test.each(questions)("$words loads commander and the options only", async ({ words }) => {
  const files = await loadedBy(join(repository, "src", "cli.ts"), words);
  const sources = files.map((file) => file.slice(repository.length));
  const allowed =
    /^(package\.json|src\/(cli|cli\/.+|commands\/.+|options\/.+|errors\/(command-error|safe-text)|process\/(closed-output|switches)|config\/fields\/(time\/duration|strategy-names)|image\/version|report\/json-text|runbook\/topic-names)\.ts|sandbox\/src\/client\/(engine-versions|weather-names)\.ts)$/;
  expect(sources.filter((file) => !file.includes("/commander/") && !allowed.test(file))).toEqual(
    [],
  );
});

test.each(questions)("$words reads little of what was built", async ({ words }) => {
  const files = await loadedBy(cliPath, words);
  expect(files.filter((file) => /dist-cjs|load-|deps-|target-/.test(basename(file)))).toEqual([]);
  // Of commander alone there are 60 KB.
  expect(await bytesOf(files)).toBeLessThan(160_000);
});

test("no built file imports Node's own modules: that would load all that they can load", async () => {
  for (const words of [["--help"], ["releases"]]) {
    expect(await loadedBy(cliPath, words, /^node:/)).toEqual([]);
  }
});

async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What is imported when this file's main() answers, by path. */
async function loadedBy(
  file: string,
  words: readonly string[],
  pattern = /^file:/,
): Promise<readonly string[]> {
  const hook = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({
      load(url, context, next) {
        if (context.conditions.includes("import")) loaded.push(url);
        return next(url, context);
      },
    });
    process.on("exit", () => console.error("loaded " + JSON.stringify(loaded)));
  `;
  const call = `
    const entry = await import(process.argv[1]);
    await entry.main?.(["node", "infer-deploy", ...process.argv.slice(2)]);
  `;
  const hookUrl = `data:text/javascript,${encodeURIComponent(hook)}`;
  const run =
    file === cliPath ? [file] : ["--input-type=module", "--eval", call, pathToFileURL(file).href];
  const { stderr } = await exec(process.execPath, ["--import", hookUrl, ...run, ...words], {
    cwd: "/",
  }).catch((error: unknown) => error as { readonly stderr: string });
  const urls = JSON.parse(/^loaded (.*)$/m.exec(stderr)?.[1] ?? "") as readonly string[];
  return urls
    .filter((url) => pattern.test(url))
    .map((url) => (url.startsWith("file:") ? fileURLToPath(url) : url));
}
