import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LockInfo } from "../state/lock-info.ts";
import { describeHolder, forgetDeadRuns, writeRunRecord } from "./run-record.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runs-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const own = { who: `${userInfo().username}@${hostname()}` } as LockInfo;

test("a lock of another machine is left alone", async () => {
  const holder = await describeHolder({ ...own, who: "ada@elsewhere" }, 1, folder);
  expect(holder).toMatchObject({ isDead: false, holder: expect.stringContaining("another") });
});

test("a run of this folder that is gone is known to be dead, and forgotten by the next", async () => {
  await writeRunRecord(folder, { pid: 2 ** 22 + 1, program: "terraform", command: "apply" });
  expect(await describeHolder(own, 1, folder)).toMatchObject({
    isDead: true,
    holder: expect.stringContaining("terraform apply"),
    next: "infer-deploy lock release removes its lock",
  });
  await forgetDeadRuns(folder);
  expect(await describeHolder(own, 1, folder)).toMatchObject({ isDead: false });
});

test("a run of this folder that is still going is waited for", async () => {
  await writeRunRecord(folder, { pid: process.pid, program: "node", command: "apply" });
  expect(await describeHolder(own, 1, folder)).toMatchObject({
    isDead: false,
    holder: expect.stringContaining(`process ${process.pid}`),
  });
});

// As in a container that runs as a number of the host.
test.runIf(process.getuid?.() === 0)("a user without a name is no error", async () => {
  const script = `
    const { describeHolder } = await import(${JSON.stringify(join(import.meta.dirname, "run-record.ts"))});
    process.setuid(54321);
    const lock = { who: "@" + ${JSON.stringify(hostname())} };
    console.log((await describeHolder(lock, 1, "/nonexistent")).holder);
  `;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe("taken on this machine, not from this folder\n");
});
