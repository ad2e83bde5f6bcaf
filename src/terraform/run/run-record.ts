import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemProcesses } from "../../process/processes.ts";
import { parseJson, recordOf, textOf } from "../events/json.ts";
import type { LockInfo } from "../state/lock-info.ts";
import { privatePath } from "./private-files.ts";

/**
 * A terraform process that was started in this folder. The lock does not name its process, so we record it. The
 * record stays when this command line is killed.
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

export interface StateHolder {
  /** True when it is certain: it ran in this folder and no longer exists. */
  readonly isDead: boolean;
  readonly holder: string;
  readonly next: string;
}

/** What this machine knows about the holder of a lock, and what to do. `own` is the process that was refused. */
export async function describeHolder(
  lock: LockInfo,
  own: number,
  folder: string,
): Promise<StateHolder> {
  const { user, host } = await systemProcesses.self();
  // Terraform leaves the name empty when the user has none.
  if (lock.who !== `${user}@${host}` && lock.who !== `@${host}`) {
    return {
      isDead: false,
      holder: "taken on another machine or by another user",
      next: `Wait until it ends. If you are sure that it is dead: ${release}`,
    };
  }
  const others = (await readRecords(folder)).filter(({ pid }) => pid !== own);
  const alive = await Promise.all(others.map(isAlive));
  const running = others.find((_, index) => alive[index]);
  if (running !== undefined) {
    return {
      isDead: false,
      holder: `${running.program} ${running.command} is still running here as process ${running.pid}`,
      next: "Wait until it ends, then run the same command again.",
    };
  }
  const dead = others.at(-1);
  if (dead === undefined) {
    return {
      isDead: false,
      holder: "taken on this machine, not from this folder",
      next: `If no other terminal on this machine works on this stack: ${release}`,
    };
  }
  return {
    isDead: true,
    holder: `${dead.program} ${dead.command} ran here as process ${dead.pid}, which no longer exists`,
    next: release,
  };
}

/** Forgets the runs that were killed. Call it only with the lock held. */
export async function forgetDeadRuns(folder: string): Promise<void> {
  for (const record of await readRecords(folder)) {
    if (!(await isAlive(record))) await removeRunRecord(folder, record.pid);
  }
}

async function readRecords(folder: string): Promise<readonly RunRecord[]> {
  const names: readonly string[] = await readdir(recordsFolder(folder)).catch(() => []);
  return Promise.all(
    names.toSorted().map(async (name) => {
      // Half written if its process was killed at the wrong moment: then only the number is known.
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
  // Process numbers are reused. Without /proc we have to trust the number.
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => program)).includes(program);
}

const release = "infer-deploy lock release removes its lock";

function recordsFolder(folder: string): string {
  return privatePath(folder, "running");
}

function recordPath(folder: string, pid: number): string {
  return join(recordsFolder(folder), `${pid}.json`);
}
