import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/events.ts";
import { stepReport, type StepReport } from "../strategy/step-report.ts";
import { act, type Hands } from "./act.ts";
import { TakenOverError, type Journal } from "../../state/journal.ts";
import { look, type Eyes } from "./look.ts";
import type { Action, Ending, Event, Machine, RolloutState } from "../strategy/machine.ts";
import { soonest, untilNextLook } from "./pace.ts";
import type { Wanted } from "./prober.ts";

export interface RolloutDeps {
  readonly hands: Hands;
  readonly eyes: Eyes;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Aborted by the first Ctrl-C: the rollout then goes back by itself. */
  readonly signal: AbortSignal;
  /** Called when all of the traffic has moved, once the new version is being watched. */
  readonly onShifted: () => void;
}

/**
 * Drives a machine to its end: makes its changes, looks while it waits (`pace.ts` says how often), keeps the journal, and tells what goes on.
 * Throws only when another run has taken the release over.
 */
export async function runRollout<State extends RolloutState>(
  deps: RolloutDeps,
  machine: Machine<State>,
  initial: State,
): Promise<Ending> {
  const { plan } = deps.hands;
  const teller = createTeller(deps.reporter);
  let state = initial;
  let isTold = false;
  let nextLook = 0;
  /** Since the step began. */
  let looks = 0;
  while (state.ended === null) {
    teller.tell(stepReport(plan, state), state.detail);
    let event: Event;
    if (deps.signal.aborted && !isTold) {
      isTold = true;
      event = { type: "interrupted", at: deps.clock.now().getTime() };
    } else if (state.action === null) {
      // Nobody can interrupt the way back.
      const signal = isTold ? never : deps.signal;
      await pause(deps.clock, nextLook, signal);
      const from = deps.clock.now().getTime();
      const step = `${state.step} ${state.stage}`;
      const seen = await look(deps.eyes, probesOf(state.step), step, signal);
      looks += 1;
      nextLook = from + untilNextLook(plan, state, seen, looks);
      event = { type: "looked", look: seen };
    } else {
      event = await make(deps, state.step, state.action);
    }
    const next = machine.next(plan, state, event);
    if (next.step !== state.step && next.action === null && next.ended === null) {
      await write(deps, next.step, "begun");
    }
    if (next.step === "bake" && state.step !== "bake" && next.stage >= plan.stages.length - 1) {
      deps.onShifted();
    }
    if (next.step !== state.step || next.stage !== state.stage) {
      looks = 0;
      nextLook = deps.clock.now().getTime() + soonest;
    }
    state = next;
  }
  teller.end(state.ended);
  return state.ended;
}

async function make(deps: RolloutDeps, step: string, action: Action): Promise<Event> {
  const at = (): number => deps.clock.now().getTime();
  try {
    if (step === "put-back") {
      // The traffic comes first: a journal that cannot be written must not keep a broken version in it.
      await act(deps.hands, action);
    } else {
      await write(deps, step, "begun");
      await act(deps.hands, action);
    }
    await write(deps, step, "done");
    return { type: "acted", at: at() };
  } catch (error) {
    if (error instanceof TakenOverError) {
      throw error;
    }
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { type: "action-failed", at: at(), reason };
  }
}

/** A journal that cannot be written is told of and lived with: what moves is worth more than the note of it. */
async function write(deps: RolloutDeps, step: string, phase: "begun" | "done"): Promise<void> {
  await deps.journal.write(step, phase).catch((error: unknown) => {
    if (error instanceof TakenOverError) {
      throw error;
    }
    const text = `the journal could not be written at the step ${step}: ${String(error)}`;
    deps.reporter.notify({ type: "warning", text });
  });
}

async function pause(clock: Clock, until: number, signal: AbortSignal): Promise<void> {
  const milliseconds = until - clock.now().getTime();
  if (milliseconds > 0) {
    await clock.sleep(milliseconds, signal).catch(() => undefined);
  }
}

function probesOf(step: string): Wanted {
  return {
    rule: step === "probe" || step === "bake",
    address: step === "bake" || step === "see-back" || rollingSteps.has(step),
  };
}

/** One line of the report for each step that a person thinks of, however many changes it takes. */
function createTeller(reporter: Reporter) {
  let open: StepReport | undefined;
  const finish = (outcome: "done" | "failed"): void => {
    if (open !== undefined) {
      reporter.notify({ type: "step-finished", step: open.id, outcome });
    }
    open = undefined;
  };
  return {
    tell(report: StepReport, detail: string): void {
      if (open?.id !== report.id) {
        finish(report.isWayBack && open?.isWayBack === false ? "failed" : "done");
        open = report;
        reporter.notify({ type: "step-started", step: report.id, title: report.title });
      }
      if (detail !== "") {
        reporter.notify({ type: "step-progress", step: report.id, detail });
      }
    },
    end(ending: Ending): void {
      finish(ending.stuck ? "failed" : "done");
    },
  };
}

const never = new AbortController().signal;
const rollingSteps = new Set(["choose", "take-out", "update", "bring-back", "rejoin"]);
