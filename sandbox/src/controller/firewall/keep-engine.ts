import { join } from "node:path";
import { writeAtomically } from "../../client/state-file.ts";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import { createStarter, type ProcessDeps } from "../balancer/keep-process.ts";
import type { ControllerLog } from "../controller-log.ts";
import {
  engineBackend,
  type InspectedListener,
  policyFile,
  renderPolicies,
} from "./firewall-config.ts";

export interface FirewallDeps extends ProcessDeps {
  readonly log: ControllerLog;
  /** The load balancer's configuration folder. */
  readonly configuration: string;
}

/**
 * Gives the engine the listeners' web ACLs, and starts it while HAProxy does not reach it. It ends by itself when HAProxy checks it no
 * more, so that a sandbox without a web ACL has no such process.
 */
export function createFirewall({
  log,
  configuration,
  ...deps
}: FirewallDeps): (
  listeners: readonly InspectedListener[],
  rows: readonly ServerRow[],
) => Promise<void> {
  let written = "";
  const start = createStarter(deps, { backend: engineBackend, program: "firewall" });
  return async (listeners, rows) => {
    const inspected = listeners.filter(({ webAcl }) => webAcl !== null);
    const text = renderPolicies(inspected);
    if (text !== written && (inspected.length > 0 || written !== "")) {
      await writeAtomically(join(configuration, policyFile), text);
      const ignored = new Set(inspected.flatMap(({ webAcl }) => webAcl?.ignored ?? []));
      log.info("web ACLs changed", { listeners: inspected.length, ignored: [...ignored] });
      written = text;
    }
    if (inspected.length > 0 && (await start(rows))) log.info("firewall started");
  };
}
