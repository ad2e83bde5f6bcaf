import { lockWait, stackVerb } from "../kinds/stack-verb.ts";
import { changePause, wishOptions } from "./change-pause.ts";

/** Ends all instances; users get 503 before the first one ends. */
export const sleep = stackVerb({
  name: "sleep",
  summary: "answers 503 with a message and ends all instances, until wake",
  options: { ...wishOptions, lockWait },
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { CommandError, exitCodes } = await import("../../errors/command-error.ts");
    const { fallAsleep } = await import("../../release/pause/sleep.ts");
    const { wishOf } = await import("../../release/pause/wish.ts");

    const wish = wishOf(own);
    if (loaded.config.topology === "single") {
      throw new CommandError("One machine cannot sleep.", {
        exitCode: exitCodes.usage,
        where: "topology: single in infer-deploy.yml",
        why: "nothing would answer while it is gone: there is no load balancer",
        next: "infer-deploy maintenance on answers with a message while the machine runs",
      });
    }
    return changePause(
      deps,
      flags,
      loaded,
      { verb: "sleep", lockWait: own.lockWait },
      async (pausing, stack) => fallAsleep(pausing, stack, wish),
    );
  },
});
