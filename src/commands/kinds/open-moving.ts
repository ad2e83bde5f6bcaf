import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import type { Session } from "../../release/session.ts";
import type { GlobalFlags, MoveFlags } from "../../target/flags.ts";
import type { Target } from "../../target/target.ts";

/** What a verb that moves traffic and builds nothing works with. Throws CommandError (5) where another run holds the lock. */
export async function openMoving(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: MoveFlags,
): Promise<{ readonly target: Target; readonly session: Session }> {
  const { refuseLocked } = await import("../../lock/take-lock.ts");
  const { openTarget } = await import("../../target/open-target.ts");
  const { requireStack } = await import("../../target/require-stack.ts");

  const target = await openTarget(deps, flags, loaded, { tools: [] });
  if (own.lockWait === 0) await refuseLocked({ clock: deps.clock, store: target.store });
  const stack = await requireStack(target);
  // What a release works with takes longer to load than a refusal takes to say.
  const { agreeToHooks } = await import("../../target/agree-to-hooks.ts");
  await agreeToHooks(deps, target, { ...flags, ...own });
  const { openSession } = await import("../../target/open-session.ts");
  return { target, session: await openSession(deps, target, stack, own) };
}
