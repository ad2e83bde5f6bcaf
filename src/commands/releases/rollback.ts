import { text } from "../../options/kinds.ts";
import { movingVerb } from "../kinds/moving-verb.ts";

/** Back to the last good release, or to a kept one: recorded as a new release. Never runs Terraform. */
export const rollback = movingVerb({
  name: "rollback",
  summary: "returns to the last good release, or to a kept one",
  options: { to: text("--to <version>", "which version, by default the last good one") },
  needsImage: () => false,
  command: ({ to }) => (to === undefined ? "rollback" : `rollback --to ${to}`),
  takesLock: () => true,
  run: async (deps, flags, loaded, own) => {
    const { refuseLocked } = await import("../../lock/take-lock.ts");
    const { openTarget } = await import("../../target/open-target.ts");
    const { requireStack } = await import("../../target/require-stack.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    if (own.lockWait === 0) await refuseLocked({ clock: deps.clock, store: target.store });
    const stack = await requireStack(target);
    // What a rollback works with takes longer to load than a refusal takes to say.
    const { agreeToHooks } = await import("../../target/agree-to-hooks.ts");
    await agreeToHooks(deps, target, { ...flags, ...own });
    const { openSession } = await import("../../target/open-session.ts");
    const { rollbackVersion } = await import("../../release/rollback.ts");
    const { move } = await import("../kinds/move.ts");
    const session = await openSession(deps, target, stack, own);
    const intent = {
      kind: "rollback" as const,
      settings: loaded.config.release,
      message: own.message ?? null,
      who: session.who,
      // The user wants to be rid of the serving version, so its bad health is no objection.
      force: true,
    };
    return move(deps, flags, { target, session }, own, async (progress) =>
      rollbackVersion(session, own.to, intent, progress),
    );
  },
});
