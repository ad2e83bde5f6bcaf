import { exitCodes } from "../errors/command-error.ts";
import { jsonText } from "../report/json-text.ts";
import { lockWait, stackVerb } from "./stack-verb.ts";

/** Removes everything, and proves by tag that nothing is left. A second time it says so and ends well. */
export const destroy = stackVerb({
  name: "destroy",
  summary: "removes everything and proves by tag that nothing is left",
  options: { lockWait },
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { findLeft } = await import("../aws/tagged-resources.ts");
    const { tearDown } = await import("../infrastructure/tear-down.ts");
    const { takeLock } = await import("../lock/take-lock.ts");
    const { infrastructureDeps } = await import("../target/infrastructure-deps.ts");
    const { lockDeps } = await import("../target/lock-deps.ts");
    const { openTarget } = await import("../target/open-target.ts");
    const { createParts } = await import("../target/stack-parts.ts");
    const { destroyDocument, destroyText } = await import("../views/destroy.ts");

    const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
    const { aws, config } = target;
    const what = await tearDown({
      ...infrastructureDeps(deps, target, flags),
      ecr: aws.ecr,
      fleetOf: ({ outputs }) => createParts(aws, outputs).fleet,
      findLeft: async () => findLeft(aws, config.name, config.environment),
      takeLock: async () =>
        takeLock(lockDeps(deps, target, flags), { command: "destroy", waitSeconds: own.lockWait }),
    });
    const document = destroyDocument(config, what);
    deps.out(flags.json ? jsonText(document) : destroyText(document));
    return exitCodes.done;
  },
});
