import { findLeft } from "../aws/tagged-resources.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { tearDown } from "../infrastructure/tear-down.ts";
import { takeLock } from "../lock/take-lock.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { infrastructureDeps } from "../target/infrastructure-deps.ts";
import { lockDeps } from "../target/lock-deps.ts";
import { openTarget } from "../target/open-target.ts";
import { createParts } from "../target/stack-parts.ts";
import { destroyDocument, destroyText } from "../views/destroy.ts";

/** Takes everything away, and proves by tag that nothing is left. A second time it says so and ends well. */
export async function destroy(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
): Promise<number> {
  const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
  const { aws, config } = target;
  const what = await tearDown({
    ...infrastructureDeps(deps, target, flags),
    ecr: aws.ecr,
    fleetOf: ({ outputs }) => createParts(aws, outputs).fleet,
    findLeft: async () => findLeft(aws, config.name, config.environment),
    takeLock: async () =>
      takeLock(lockDeps(deps, target, flags), { command: "destroy", waitSeconds: 0 }),
  });
  const document = destroyDocument(config, what);
  deps.out(flags.json ? jsonText(document) : destroyText(document));
  return exitCodes.done;
}
