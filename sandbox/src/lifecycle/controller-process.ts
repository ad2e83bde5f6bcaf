import { spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CommandError } from "../../../src/errors/command-error.ts";
import { packageRoot } from "../../../src/package-root.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { type ControllerReport, readReport } from "../client/controller-report.ts";
import type { EnvironmentVariables } from "../client/state-file.ts";

/** The controller's process id, or null when it does not run. */
export async function findController(run: Run, folder: string): Promise<number | null> {
  const pid = Number(await readFile(join(folder, "controller.pid"), "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return null;
  // After a reboot another process may have this id: only the controller's command line names this folder.
  const command = await commandLine(run, pid);
  return command.includes("controller-main") && command.includes(folder) ? pid : null;
}

/**
 * Starts the controller in its own session, and returns its process id after its first successful cycle.
 * A controller that is still starting when `aborted` fires is ended.
 */
export async function startController(
  folder: string,
  env: EnvironmentVariables,
  aborted: AbortSignal,
): Promise<number> {
  aborted.throwIfAborted();
  await mkdir(folder, { recursive: true });
  const output = await open(join(folder, "controller.out"), "w");
  const began = Date.now();
  const child = spawn(process.execPath, [controllerProgram, folder], {
    detached: true,
    cwd: folder,
    env: { ...env, NODE_OPTIONS: "" },
    stdio: ["ignore", output.fd, output.fd],
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it exited with code ${code}`)));
  });
  try {
    await Promise.race([failed, firstCycle(folder, began, aborted)]);
  } catch (cause) {
    if (aborted.aborted) {
      child.kill();
      throw aborted.reason;
    }
    const printed = await readFile(join(folder, "controller.out"), "utf8").catch(() => "");
    throw new CommandError("The sandbox's controller does not start", {
      why: (cause as Error).message,
      where: join(folder, "controller.log"),
      detail: printed.trim().split("\n").slice(-10),
      cause,
    });
  } finally {
    await output.close();
    child.removeAllListeners();
    child.unref();
  }
  return child.pid ?? 0;
}

/** Ends the controller: by SIGTERM, and by SIGKILL if that is not enough. */
export async function stopController(run: Run, folder: string): Promise<void> {
  const pid = await findController(run, folder);
  if (pid === null) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!send(pid, signal)) return;
    for (let waited = 0; waited < stopMilliseconds; waited += pollMilliseconds) {
      await delay(pollMilliseconds);
      if (!send(pid, 0)) return;
    }
  }
}

async function firstCycle(folder: string, began: number, aborted: AbortSignal): Promise<void> {
  let report: ControllerReport | undefined;
  for (let waited = 0; waited < startMilliseconds; waited += pollMilliseconds) {
    await delay(pollMilliseconds, undefined, { signal: aborted });
    report = await readReport(folder);
    if (
      report !== undefined &&
      Date.parse(report.at) >= began &&
      Object.keys(report.failing).length === 0
    )
      return;
  }
  const failing = Object.entries(report?.failing ?? {}).map(
    ([part, reason]) => `${part}: ${reason}`,
  );
  throw new Error(
    failing.join("; ") || `it did not reach its sandbox within ${startMilliseconds / 1000} s`,
  );
}

async function commandLine(run: Run, pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
  } catch {
    if (process.platform === "linux") return "";
  }
  return (await run({ file: "ps", args: ["-o", "command=", "-p", String(pid)], writes: false }))
    .stdout;
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The controller's program: in the sources during development, in dist/ once it is bundled. */
const controllerProgram =
  extname(import.meta.filename) === ".ts"
    ? join(packageRoot, "sandbox", "src", "controller-main.ts")
    : join(packageRoot, "dist", "controller-main.js");

const pollMilliseconds = 50;
const startMilliseconds = 45_000;
const stopMilliseconds = 3000;
