import type { RolloutPlan } from "../../src/state/rollout-plan.ts";
import { runRollout, type LoopDeps } from "../../src/release/run/loop.ts";
import type { Action, Look } from "../../src/release/strategy/machine.ts";
import { strategies } from "../../src/release/strategy/strategies.ts";
import { credentials } from "./credentials.ts";
import { fakeClock } from "./fake-clock.ts";
import { listener } from "./listener.ts";
import { goodLook, plan } from "./rollout-plans.ts";

/** What the loop meets; left out, everything is as it should be. */
export interface Script {
  readonly plan?: RolloutPlan;
  /** `at`: milliseconds since it began; `step`: as the loop names it. */
  readonly look?: (at: number, step: string, signal: AbortSignal) => Partial<Look>;
  /** Throws for a change that fails. */
  readonly act?: (action: Action) => void;
  /** Throws for a note that cannot be written. */
  readonly write?: (step: string, phase: string) => void;
  readonly signal?: AbortSignal;
  /** Seconds until the credentials end, by the seconds since it began. */
  readonly left?: (at: number) => number;
}

/** Runs the loop with a real strategy and keeps what was done, in order, with the milliseconds since it began. */
export function startLoop(script: Script = {}) {
  const one = script.plan ?? plan();
  const clock = fakeClock();
  const began = clock.now().getTime();
  const since = (): number => clock.now().getTime() - began;
  const reporter = listener();
  const log: string[] = [];
  const shown: Look[] = [];
  const looks: { readonly at: number; readonly step: string }[] = [];
  const deps: LoopDeps = {
    act: async (action) => {
      script.act?.(action);
      log.push(`do ${action.do}`);
    },
    look: async (_wanted, step, signal) => {
      looks.push({ at: since(), step });
      return goodLook(clock.now().getTime(), script.look?.(since(), step, signal));
    },
    journal: {
      write: async (step, phase) => {
        script.write?.(step, phase);
        log.push(`${phase} ${step}`);
      },
    },
    clock,
    reporter,
    credentials: credentials({
      secondsLeft: () => script.left?.(since() / 1000),
    }),
    signal: script.signal ?? new AbortController().signal,
    onShifted: () => void log.push("shifted"),
    show: (_state, _facts, seen) => {
      if (seen !== null) shown.push(seen);
    },
  };
  const strategy = strategies[one.strategy];
  const ended = runRollout(deps, strategy, one, strategy.machine.start(one, began));
  return { ended, log, looks, shown, reporter, clock };
}
