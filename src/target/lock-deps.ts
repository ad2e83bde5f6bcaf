import type { Deps } from "../deps.ts";
import type { TakeLockDeps } from "../lock/take-lock.ts";
import type { Target } from "./target.ts";

/** What a verb takes the stack's lock with. */
export function lockDeps(
  {
    clock,
    env,
    interactive,
    interrupts,
    reporter,
  }: Pick<Deps, "clock" | "env" | "interactive" | "interrupts" | "reporter">,
  { store }: Pick<Target, "store">,
  { yes }: { readonly yes: boolean },
): TakeLockDeps {
  const hold = (): (() => void) => interrupts.hold();
  return { clock, env, hold, interactive, reporter, signal: interrupts.aborted, store, yes };
}
