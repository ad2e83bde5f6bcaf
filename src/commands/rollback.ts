import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { refuseLocked } from "../lock/take-lock.ts";
import type { GlobalFlags, MoveFlags } from "../target/flags.ts";
import { openTarget } from "../target/open-target.ts";
import { requireStack } from "../target/require-stack.ts";

export interface RollbackFlags extends MoveFlags {
  /** Undefined: the last good release. */
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
  if (own.lockWait === 0) await refuseLocked({ clock: deps.clock, store: target.store });
  const stack = await requireStack(target);
  // What a rollback works with takes longer to load than a refusal takes to say.
  const { openSession } = await import("../target/open-session.ts");
  const { rollbackVersion } = await import("../release/rollback.ts");
  const { move } = await import("./move.ts");
  const session = await openSession(deps, target, stack, own);
  const intent = {
    kind: "rollback" as const,
    settings: loaded.config.release,
    message: own.message ?? null,
    who: session.who,
    // What serves is what the user wants to be rid of: that it is unwell is no objection.
    force: true,
  };
  return move(deps, flags, { target, session }, own, async (progress) =>
    rollbackVersion(session, own.to, intent, progress),
  );
}
