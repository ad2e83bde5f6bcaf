import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemProcesses } from "../../process/processes.ts";
import { parseJson, recordOf, textOf } from "../events/json.ts";
import type { LockInfo } from "../state/lock-info.ts";
import { privatePath } from "./private-files.ts";

/**
 * A terraform that this folder started: the lock does not say which process has it. The record of a killed
 * command line stays.
 */
export interface RunRecord {
  readonly pid: number;
  readonly program: string;
  /** Such as `apply`. */
  readonly command: string;
}

export async function writeRunRecord(folder: string, { pid, ...record }: RunRecord): Promise<void> {
  await mkdir(recordsFolder(folder), { recursive: true });
  await writeFile(recordPath(folder, pid), JSON.stringify(record));
}

export async function removeRunRecord(folder: string, pid: number): Promise<void> {
  await rm(recordPath(folder, pid), { force: true });
}

export interface Holder {
  /** Known to be: it ran in this folder and is gone. */
  readonly isDead: boolean;
  readonly holder: string;
  readonly next: string;
}

/**
 * What is known here of the holder of a lock, and what to do; `release` is the command that takes the lock
 * away. `own` is the process that was refused.
 */
export async function describeHolder(
  lock: LockInfo,
  own: number,
  folder: string,
  release: string,
): Promise<Holder> {
  const { user, host } = await systemProcesses.self();
  // Terraform leaves the name empty where the user has none.
  if (lock.who !== `${user}@${host}` && lock.who !== `@${host}`) {
    return {
      isDead: false,
      holder: "taken on another machine or by another user",
      next: `Wait until it ends. When that run is known to be dead: ${release}`,
    };
  }
  const others = (await readRecords(folder)).filter(({ pid }) => pid !== own);
  const alive = await Promise.all(others.map(isAlive));
  const running = others.find((_, index) => alive[index]);
  if (running !== undefined) {
    return {
      isDead: false,
      holder: `the ${running.program} ${running.command} that runs here as process ${running.pid} is still working`,
      next: "Wait until it ends, then run the same command again.",
    };
  }
  const dead = others.at(-1);
  if (dead === undefined) {
    return {
      isDead: false,
      holder: "taken on this machine, not from this folder",
      next: `When no other terminal here works on this stack: ${release}`,
    };
  }
  return {
    isDead: true,
    holder: `the ${dead.program} ${dead.command} that worked here as process ${dead.pid} is gone`,
    next: release,
  };
}

/** Forgets the runs that were killed: to be called by one that got the lock. */
export async function forgetDeadRuns(folder: string): Promise<void> {
  for (const record of await readRecords(folder)) {
    if (!(await isAlive(record))) await removeRunRecord(folder, record.pid);
  }
}

async function readRecords(folder: string): Promise<readonly RunRecord[]> {
  const names: readonly string[] = await readdir(recordsFolder(folder)).catch(() => []);
  return Promise.all(
    names.toSorted().map(async (name) => {
      // Half written when this process was killed at the wrong moment: then only the number is known.
      const record = recordOf(
        await readFile(join(recordsFolder(folder), name), "utf8")
          .then(parseJson)
          .catch(() => ({})),
      );
      return {
        pid: Number.parseInt(name, 10),
        program: textOf(record["program"]) || "terraform",
        command: textOf(record["command"]) || "run",
      };
    }),
  );
}

async function isAlive({ pid, program }: RunRecord): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  // Numbers are used again. Where there is no /proc the number alone has to do.
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => program)).includes(program);
}

function recordsFolder(folder: string): string {
  return privatePath(folder, "running");
}

function recordPath(folder: string, pid: number): string {
  return join(recordsFolder(folder), `${pid}.json`);
}
