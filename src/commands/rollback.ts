import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import type { GlobalFlags, MoveFlags } from "../target/flags.ts";
import { refuseLocked } from "../lock/take-lock.ts";
import { openTarget, requireStack } from "../target/target.ts";

export interface RollbackFlags extends MoveFlags {
  /** Null: the last good release. */
  readonly to: string | undefined;
}

/** Back to the last good release, or to a kept one: recorded as a new release. Never runs Terraform. */
export async function rollback(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: RollbackFlags,
): Promise<number> {
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
}
