import type { Run } from "../../../src/process/programs/run.ts";
import { sandboxLabel } from "../containers/sandbox-names.ts";
import { listContainers, type SandboxContainer } from "../containers/list-containers.ts";
import { followDocker } from "./follow-docker.ts";

export interface ContainersWatch {
  readonly list: () => Promise<readonly SandboxContainer[]>;
  /** Makes the next `list` ask Docker. */
  readonly expire: () => void;
}

/**
 * The sandbox's containers. Each listing starts a process, so they are listed again only after a Docker event, or after a few
 * seconds in case an event was missed.
 */
export function watchContainers(
  run: Run,
  sandbox: string,
  onChange: () => void,
  signal: AbortSignal,
): ContainersWatch {
  let known: readonly SandboxContainer[] = [];
  let askedAt = 0;
  const expire = () => {
    askedAt = 0;
  };
  const args = [
    "events",
    "--filter",
    "type=container",
    "--filter",
    `label=${sandboxLabel}=${sandbox}`,
    "--format",
    "{{.Action}}",
  ];
  // Every docker exec causes `exec_create` and similar events, which change nothing here.
  const onLine = (action: string) => {
    if (action.startsWith("exec_")) return;
    expire();
    onChange();
  };
  void followDocker(() => args, onLine, signal);
  return {
    expire,
    list: async () => {
      const now = Date.now();
      if (now - askedAt < staleMilliseconds) return known;
      askedAt = now;
      try {
        known = await listContainers(run, sandbox);
      } catch (error) {
        expire();
        throw error;
      }
      return known;
    },
  };
}

const staleMilliseconds = 5000;
