import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "second-signal-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a second signal ends a process that waits for a file that never opens; what it tidies up at its end is tidied up", async () => {
  const pipe = join(folder, "pipe");
  const claim = join(folder, "claim");
  execFileSync("mkfifo", [pipe]);
  const deps = fileURLToPath(new URL("../../src/deps.ts", import.meta.url));
  const program = `
    const { readFile, writeFile } = await import("node:fs/promises");
    const { rmSync } = await import("node:fs");
    const { createDeps } = await import(${JSON.stringify(deps)});
    await createDeps({ quiet: false, sandbox: undefined }, process);
    await writeFile(${JSON.stringify(claim)}, "");
    process.once("exit", () => rmSync(${JSON.stringify(claim)}));
    process.stdout.write("waits");
    await readFile(${JSON.stringify(pipe)});`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  child.kill("SIGINT");
  await sleep(700);
  expect(child.exitCode).toBeNull();
  child.kill("SIGINT");
  expect(await Promise.race([ended, sleep(3000, "still there")])).toEqual([null, "SIGINT"]);
  expect(existsSync(claim)).toBe(false);
});
