import { text } from "../options/kinds.ts";
import { movingVerb } from "./moving-verb.ts";

/** Back to the last good release, or to a kept one: recorded as a new release. Never runs Terraform. */
export const rollback = movingVerb({
  name: "rollback",
  summary: "goes back to the last good release, or to a kept one",
  options: { to: text("--to <version>", "which version, by default the last good one") },
  needsImage: () => false,
  command: ({ to }) => (to === undefined ? "rollback" : `rollback --to ${to}`),
  takesLock: () => true,
  run: async (deps, flags, loaded, own) => {
    const { refuseLocked } = await import("../lock/take-lock.ts");
    const { openTarget, requireStack } = await import("../target/target.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    await refuseLocked(deps, target, own);
    const stack = await requireStack(target);
    // What a rollback works with takes longer to load than a refusal takes to say.
    const [{ withReleaseLock }, { rollbackVersion }] = await Promise.all([
      import("../release/with-release-lock.ts"),
      import("../release/rollback.ts"),
    ]);
    return withReleaseLock(deps, flags, { target, stack }, own, async (session, progress) =>
      rollbackVersion(
        session,
        own.to,
        {
          kind: "rollback",
          settings: loaded.config.release,
          message: own.message ?? null,
          who: session.who,
          // What serves is what somebody wants to be rid of: that it is unwell is no objection.
          force: true,
        },
        progress,
      ),
    );
  },
});
