import { text } from "../../options/kinds.ts";
import { movingVerb } from "../kinds/moving-verb.ts";
import { openMoving } from "../kinds/open-moving.ts";

/** Back to the last good release, or to a kept one: recorded as a new release. Never runs Terraform. */
export const rollback = movingVerb({
  name: "rollback",
  summary: "returns to the last good release, or to a kept one",
  options: { to: text("--to <version>", "which version, by default the last good one") },
  needsImage: () => false,
  command: ({ to }) => (to === undefined ? "rollback" : `rollback --to ${to}`),
  takesLock: () => true,
  run: async (deps, flags, loaded, own) => {
    const { session, target } = await openMoving(deps, flags, loaded, own);
    const { rollbackVersion } = await import("../../release/rollback.ts");
    const { move } = await import("../kinds/move.ts");
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
