import { join } from "node:path";
import type { Run } from "../../../../src/process/programs/run.ts";
import { docker } from "../../containers/docker.ts";
import { writeAtomically } from "../../client/state-file.ts";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import type { ControllerLog } from "../controller-log.ts";
import {
  engineBackend,
  type InspectedListener,
  policyFile,
  renderPolicies,
} from "./firewall-config.ts";

export interface FirewallDeps {
  readonly run: Run;
  readonly log: ControllerLog;
  /** The load balancer's container, in which the engine runs. */
  readonly container: string;
  /** The load balancer's configuration folder. */
  readonly configuration: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Gives the engine the listeners' web ACLs, and starts it while HAProxy does not reach it. It ends by itself when HAProxy checks it no
 * more, so that a sandbox without a web ACL has no such process.
 */
export function createFirewall({
  run,
  log,
  container,
  configuration,
  now,
}: FirewallDeps): (
  listeners: readonly InspectedListener[],
  rows: readonly ServerRow[],
) => Promise<void> {
  let written = "";
  let startedAt = Number.NEGATIVE_INFINITY;
  return async (listeners, rows) => {
    const inspected = listeners.filter(({ webAcl }) => webAcl !== null);
    const text = renderPolicies(inspected);
    if (text !== written && (inspected.length > 0 || written !== "")) {
      await writeAtomically(join(configuration, policyFile), text);
      const ignored = new Set(inspected.flatMap(({ webAcl }) => webAcl?.ignored ?? []));
      log.info("web ACLs changed", { listeners: inspected.length, ignored: [...ignored] });
      written = text;
    }
    const running = rows.some(
      ({ backend, status }) => backend === engineBackend && status === "up",
    );
    if (inspected.length === 0 || running || now() - startedAt < startMilliseconds) return;
    startedAt = now();
    await docker(run, ["exec", "--detach", container, "sandbox-entrypoint", "firewall"]);
    log.info("firewall started");
  };
}

// Longer than HAProxy needs to find a new engine.
const startMilliseconds = 5000;
