import { readFile, readlink } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { parseProcStat } from "./proc-stat.ts";

/** Identifies a process, so that another one can find out later whether it still runs. Fields that the system does not report are null; only Linux reports all. */
export interface ProcessIdentity {
  readonly user: string;
  readonly host: string;
  /** Changes with every boot of the machine. */
  readonly bootId: string | null;
  /** Process numbers of different containers are unrelated. */
  readonly pidNamespace: string | null;
  readonly pid: number;
  readonly start: string | null;
}

/** What this machine finds under a process number now. */
export type ProcessSight =
  | { readonly found: false }
  | { readonly found: true; readonly start: string | null };

export interface Processes {
  readonly self: () => Promise<ProcessIdentity>;
  readonly look: (pid: number) => Promise<ProcessSight>;
}

export const systemProcesses: Processes = {
  self: async () => {
    const [bootId, pidNamespace, sight] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
      readlink("/proc/self/ns/pid").catch(() => ""),
      look(process.pid),
    ]);
    return {
      user: userName(),
      host: hostname(),
      bootId: bootId.trim() || null,
      pidNamespace: pidNamespace || null,
      pid: process.pid,
      start: sight.found ? sight.start : null,
    };
  },
  look,
};

async function look(pid: number): Promise<ProcessSight> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: another user's process, which /proc may hide (hidepid) and this call does not.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return { found: false };
  }
  const stat = parseProcStat(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
  return stat?.ended === true ? { found: false } : { found: true, start: stat?.start ?? null };
}

/** A container may run as a number that no user has. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
