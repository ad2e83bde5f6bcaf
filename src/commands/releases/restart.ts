import { movingVerb } from "../kinds/moving-verb.ts";

/** Starts the serving version's containers again, a few at a time. Never runs Terraform. */
export const restart = movingVerb({
  name: "restart",
  summary: "starts the serving version's containers again, without losing a request",
  options: {},
  needsImage: () => false,
  command: () => "restart",
  takesLock: () => true,
  run: async (deps, flags, loaded, own) => {
    const { refuseLocked } = await import("../../lock/take-lock.ts");
    const { openTarget } = await import("../../target/open-target.ts");
    const { requireStack } = await import("../../target/require-stack.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    if (own.lockWait === 0) await refuseLocked({ clock: deps.clock, store: target.store });
    const stack = await requireStack(target);
    const { agreeToHooks } = await import("../../target/agree-to-hooks.ts");
    await agreeToHooks(deps, target, { ...flags, ...own });
    const { openSession } = await import("../../target/open-session.ts");
    const { restartVersion } = await import("../../release/restart.ts");
    const { move } = await import("../kinds/move.ts");
    const session = await openSession(deps, target, stack, own);
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
