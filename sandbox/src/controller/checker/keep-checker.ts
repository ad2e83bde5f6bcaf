import type { BackendModel } from "../balancer/balancer-model.ts";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import { createStarter, type ProcessDeps } from "../balancer/keep-process.ts";
import type { ControllerLog } from "../controller-log.ts";
import { checkerBackend, needsChecker } from "./checker-config.ts";

/** Starts the program while a target group needs it and HAProxy does not reach it. It ends by itself when HAProxy checks it no more. */
export function createChecker({
  log,
  ...deps
}: ProcessDeps & { readonly log: ControllerLog }): (
  backends: readonly Pick<BackendModel, "protocolVersion">[],
  rows: readonly ServerRow[],
) => Promise<void> {
  const start = createStarter(deps, { backend: checkerBackend, program: "checker" });
  return async (backends, rows) => {
    if (backends.some(needsChecker) && (await start(rows))) log.info("checker started");
  };
}
