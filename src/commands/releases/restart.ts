import { movingVerb } from "../kinds/moving-verb.ts";
import { openMoving } from "../kinds/open-moving.ts";

/** Starts the serving version's containers again, a few at a time. Never runs Terraform. */
export const restart = movingVerb({
  name: "restart",
  summary: "starts the serving version's containers again, without losing a request",
  options: {},
  needsImage: () => false,
  command: () => "restart",
  takesLock: () => true,
  run: async (deps, flags, loaded, own) => {
    const { session, target } = await openMoving(deps, flags, loaded, own);
    const { restartVersion } = await import("../../release/restart.ts");
    const { move } = await import("../kinds/move.ts");
    const intent = {
      kind: "restart" as const,
      settings: loaded.config.release,
      message: own.message ?? null,
      who: session.who,
      // A version that is not healthy is a reason to restart it.
      force: true,
    };
    return move(deps, flags, { target, session }, own, async (progress) =>
      restartVersion(session, intent, progress),
    );
  },
});
