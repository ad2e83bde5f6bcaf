import type { Run } from "../../../../src/process/programs/run.ts";
import { docker } from "../../containers/docker.ts";
import type { ServerRow } from "./haproxy-stat.ts";

export interface ProcessDeps {
  readonly run: Run;
  /** The load balancer's container. */
  readonly container: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Starts a process next to HAProxy while HAProxy does not reach it: `program`, of the container's entrypoint, behind `backend`. Resolves to
 * whether it was started now. It ends by itself when HAProxy checks it no more.
 */
export function createStarter(
  { run, container, now }: ProcessDeps,
  { backend, program }: { readonly backend: string; readonly program: string },
): (rows: readonly ServerRow[]) => Promise<boolean> {
  let startedAt = Number.NEGATIVE_INFINITY;
  return async (rows) => {
    const isRunning = rows.some((row) => row.backend === backend && row.status === "up");
    if (isRunning || now() - startedAt < startMilliseconds) return false;
    startedAt = now();
    await docker(run, ["exec", "--detach", container, "sandbox-entrypoint", program]);
    return true;
  };
}

// Longer than HAProxy needs to find a new process.
const startMilliseconds = 5000;
