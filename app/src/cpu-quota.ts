import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** The text of a file; undefined when it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/**
 * Whole processors that this process may use, at least 1: those that Node sees, or fewer where a CPU quota (`docker --cpus`) grants less.
 * ONNX Runtime counts the machine's cores instead, and threads that share a quota are all stopped for the rest of every period.
 * Files: https://docs.kernel.org/admin-guide/cgroup-v2.html and, for version 1, https://docs.kernel.org/scheduler/sched-bwc.html
 */
export function countProcessors(
  read: ReadFile = readIfThere,
  seen: number = availableParallelism(),
): number {
  return Math.max(1, Math.floor(Math.min(seen, ...quotas(read)) + roundingSlack));
}

/** Processors that each control group above this process grants, in both cgroup versions; empty when none has a quota. */
function quotas(read: ReadFile): readonly number[] {
  const lines = (read("/proc/self/cgroup") ?? "0::/").split("\n");
  return lines.flatMap((line) => {
    const [, controllers = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === "" && line.startsWith("0:")) {
      return foldersAbove(path).flatMap((folder) =>
        quotaOf(read(`/sys/fs/cgroup${folder}/cpu.max`)),
      );
    }
    if (!controllers.split(",").includes("cpu")) return [];
    return foldersAbove(path).flatMap((folder) => {
      const group = `/sys/fs/cgroup/${controllers}${folder}`;
      const quota = read(`${group}/cpu.cfs_quota_us`)?.trim();
      const period = read(`${group}/cpu.cfs_period_us`)?.trim();
      return quotaOf(quota === undefined ? undefined : `${quota} ${period ?? ""}`);
    });
  });
}

/** "/a/b" is "/a/b", "/a" and "": inside a container its own group is often mounted as the root. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return [...parts.keys(), parts.length].map((count) =>
    parts
      .slice(0, count)
      .map((part) => `/${part}`)
      .join(""),
  );
}

/** "150000 100000" is 1.5; "max 100000" and "-1 100000" are no quota. */
function quotaOf(text: string | undefined): readonly number[] {
  const [quota, period] = (text ?? "").trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined) return [];
  return quota > 0 && period > 0 ? [quota / period] : [];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** A quota is written in whole microseconds. */
const roundingSlack = 0.01;
