import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ignoresHangUp } from "./hang-up.ts";

let proc: string;
beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), "proc-"));
  await mkdir(join(proc, "self", "fd"), { recursive: true });
  await mkdir(join(proc, "7"));
});
afterEach(() => rm(proc, { recursive: true }));

const run = { env: {}, ppid: 7 };

test("an ordinary run does not", async () => {
  await writeFile(join(proc, "7", "status"), "SigIgn:\t0000000000001000\n");
  await symlink("/dev/pts/3", join(proc, "self", "fd", "1"));
  expect(ignoresHangUp({ ...run, env: { _: "/usr/bin/node" } }, proc)).toBe(false);
});

test("the shell that started it names nohup", () => {
  expect(ignoresHangUp({ ...run, env: { _: "/usr/bin/nohup" } }, proc)).toBe(true);
});

test("its output goes to nohup's file", async () => {
  await symlink("/home/ada/nohup.out", join(proc, "self", "fd", "1"));
  expect(ignoresHangUp(run, proc)).toBe(true);
});

test("its parent ignores SIGHUP", async () => {
  await writeFile(join(proc, "7", "status"), "SigBlk:\t0\nSigIgn:\t0000000000001001\n");
  expect(ignoresHangUp(run, proc)).toBe(true);
});

test("really: from a script below nohup, and without it", async () => {
  const file = fileURLToPath(new URL("hang-up.ts", import.meta.url));
  const script = `import(${JSON.stringify(file)}).then((one) => process.stdout.write(String(one.ignoresHangUp(process))))`;
  // The second command keeps the shell from becoming Node.
  const shell = `"${process.execPath}" -e '${script}'; exit 0`;
  const said = async (command: string, ...args: string[]) =>
    (await promisify(execFile)(command, args, { env: { PATH: process.env["PATH"] } })).stdout;
  expect(await said("nohup", "bash", "-c", shell)).toBe("true");
  expect(await said("bash", "-c", shell)).toBe("false");
});
