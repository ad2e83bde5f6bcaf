import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { systemProcesses } from "./processes.ts";

const { self, look } = systemProcesses;

test("a process sees itself as it describes itself", async () => {
  const own = await self();
  expect(own.pid).toBe(process.pid);
  expect(await look(own.pid)).toEqual({ found: true, start: own.start });
});

test.runIf(process.platform === "linux")("Linux reports all fields", async () => {
  const own = await self();
  expect(own.bootId).toMatch(/^[0-9a-f-]{36}$/);
  expect(own.pidNamespace).toMatch(/^pid:\[\d+\]$/);
  expect(own.start).toMatch(/^\d+$/);
});

test("another process is found while it runs, and not after", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  expect(await look(pid)).toMatchObject({ found: true });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await look(pid)).toEqual({ found: false });
});

test.runIf(process.platform === "linux")(
  "a killed process whose parent has not noticed does not run any more",
  async () => {
    // The shell is replaced by a program that never waits for the child that the shell started.
    const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(String(line));
    await expect.poll(async () => look(pid)).toMatchObject({ found: true });
    // Only once the shell has become the other program is there no parent that waits.
    await expect.poll(async () => commandOf(parent.pid ?? 0)).toBe("sleep");
    process.kill(pid, "SIGKILL");
    await expect.poll(async () => look(pid)).toEqual({ found: false });
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill("SIGKILL");
    await once(parent, "exit");
  },
);

async function commandOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
}
