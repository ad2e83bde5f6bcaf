import { CommandError } from "../../errors/command-error.ts";
import { describe, describeLine } from "../../errors/describe.ts";
import { InterruptedError } from "../../errors/interrupted-error.ts";
import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/reporter.ts";
import { beginStep, type OpenStep } from "../../report/span.ts";
import { durationText } from "../../report/text.ts";
import { TakenOverError, type Journal, type Turned } from "../../state/journal.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import { beforePhaseId, beforeText } from "../strategy/before.ts";
import type { Action, Ending, Event, Look, RolloutState } from "../strategy/machine.ts";
import type { Phase, Wanted } from "../strategy/step.ts";
import type { StepFacts, Strategy } from "../strategy/strategy.ts";
import { wayBackSeconds } from "../plan/needed-time.ts";
import type { Credentials } from "../parts.ts";
import { soonest, untilNextLook } from "./pace.ts";

export interface LoopDeps {
  /** Makes one change. Throws the SDK's own errors. */
  readonly act: (action: Action) => Promise<void>;
  /** Looks once. Never throws. Leaves out probes of an earlier `step`. */
  readonly look: (wanted: Wanted, step: string, signal: AbortSignal) => Promise<Look>;
  readonly journal: Pick<Journal, "write">;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, "notify">;
  /** Aborted by the first Ctrl-C. The rollout then rolls itself back. */
  readonly signal: AbortSignal;
  readonly credentials: Pick<Credentials, "renewal" | "secondsLeft">;
  /** Called when all traffic has moved and the watch of the new version begins. */
  readonly onShifted: () => void;
  /** Shows the rollout. */
  readonly show: (state: RolloutState, facts: StepFacts, look: Look | null) => void;
}

/**
 * Runs a strategy to its end: makes its changes, looks while it waits (`pace.ts` decides how often), keeps the journal and reports.
 * Throws only when another run has taken the release over.
 */
export async function runRollout(
  deps: LoopDeps,
  strategy: Pick<Strategy, "machine" | "facts">,
  plan: RolloutPlan,
  initial: RolloutState,
): Promise<Ending> {
  const phases = followPhases(deps.reporter);
  let state = initial;
  let isTold = false;
  let isCut = false;
  const silence = followSilence(deps.reporter);
  let nextLook = 0;
  /** Counted from the step's beginning. */
  let looks = 0;
  try {
    while (state.ended === null) {
      const facts = strategy.facts(plan, state);
      phases.show(facts.phase, state);
      deps.show(state, facts, null);
      let event: Event;
      if (deps.signal.aborted && !isTold) {
        isTold = true;
        event = { type: "interrupted", at: deps.clock.now().getTime() };
      } else if (state.action === null) {
        // A rollback is never interrupted.
        const signal = isTold ? never : deps.signal;
        await pause(deps.clock, nextLook, signal);
        const from = deps.clock.now().getTime();
        const seen = await deps.look(facts.probes, `${state.step} ${state.stage}`, signal);
        // What it could not see any more would be shown as if AWS did not answer.
        if (signal.aborted) continue;
        looks += 1;
        nextLook = from + untilNextLook(facts.pace, seen, looks);
        silence(seen);
        deps.show(state, facts, seen);
        const cut: Event | undefined = isCut
          ? undefined
          : cutShort(deps.credentials, plan, state, seen.at);
        isCut ||= cut !== undefined;
        event = cut ?? { type: "looked", look: seen };
      } else {
        event = await change(deps, facts, state, state.action);
        isTold ||= event.type === "interrupted";
      }
      const next = strategy.machine.next(plan, state, event);
      if (event.type === "action-failed" && isLeftOut(state, next)) {
        const text = `the step ${state.step} failed again and again and was left out: ${event.reason}`;
        deps.reporter.notify({ type: "warning", text });
      }
      const isNewStep = next.step !== state.step || next.stage !== state.stage;
      if (next.step !== state.step && next.action === null && next.ended === null) {
        await note(deps, next, "begun");
      }
      if (next.ended === null && !facts.hasAllTraffic && strategy.facts(plan, next).hasAllTraffic) {
        deps.onShifted();
      }
      if (isNewStep) {
        looks = 0;
        nextLook = deps.clock.now().getTime() + soonest;
      }
      state = next;
    }
    phases.end(state.ended.stuck ? "failed" : "done");
    if (state.ended.stuck) tellShares(deps.reporter, plan, state);
    return state.ended;
  } catch (error) {
    phases.end("failed");
    throw error;
  }
}

/** Once the outcome is decided, a change that fails too often is skipped, unless the rest depends on it. */
function isLeftOut(before: RolloutState, next: RolloutState): boolean {
  return before.outcome !== null && next.attempts === 0;
}

async function change(
  deps: LoopDeps,
  { isUrgent, needsNote }: StepFacts,
  state: RolloutState,
  action: Action,
): Promise<Event> {
  const at = (): number => deps.clock.now().getTime();
  try {
    if (needsNote) await noteFirst(deps, state);
    // Traffic comes first: a journal that cannot be written must not leave traffic on a broken version.
    else if (!isUrgent) await note(deps, state, "begun");
    await deps.act(action);
    await note(deps, state, "done");
    return { type: "acted", at: at() };
  } catch (error) {
    if (error instanceof TakenOverError) {
      throw error;
    }
    // A read on its way to the change hung, and a signal has ended it.
    if (error instanceof InterruptedError) return { type: "interrupted", at: at() };
    const next = describe(error).next?.replace(/\.$/, "");
    return { type: "action-failed", at: at(), reason: describeLine(error), next };
  }
}

async function noteFirst({ journal }: LoopDeps, state: RolloutState): Promise<void> {
  await journal.write(state.step, "begun", turnedOf(state)).catch((cause: unknown) => {
    if (cause instanceof TakenOverError) {
      throw cause;
    }
    throw new CommandError("the journal could not be written", { cause });
  });
}

/** A journal that cannot be written is only a warning, because the rollout matters more than its journal. */
async function note(deps: LoopDeps, state: RolloutState, phase: "begun" | "done"): Promise<void> {
  const { step } = state;
  await deps.journal.write(step, phase, turnedOf(state)).catch((error: unknown) => {
    if (error instanceof TakenOverError) {
      throw error;
    }
    const text = `the journal could not be written at the step ${step}: ${describeLine(error)}`;
    // A step may be tried thirty times.
    if (state.attempts === 0) deps.reporter.notify({ type: "warning", text });
  });
}

/** Why the rollout turned back; undefined while it moves on. */
function turnedOf({ outcome, failure }: RolloutState): Turned | undefined {
  return outcome === null || outcome === "succeeded" || failure === null
    ? undefined
    : { outcome, cause: failure.cause };
}

async function pause(clock: Clock, until: number, signal: AbortSignal): Promise<void> {
  const milliseconds = until - clock.now().getTime();
  if (milliseconds > 0) {
    await clock.sleep(milliseconds, signal).catch(() => undefined);
  }
}

/** Turns back while AWS still accepts the calls of the way back. */
function cutShort(
  { secondsLeft, renewal }: LoopDeps["credentials"],
  plan: RolloutPlan,
  { began }: RolloutState,
  at: number,
): Event | undefined {
  const needed = wayBackSeconds(plan, (at - began) / 1000);
  const left = secondsLeft(needed);
  if (left === undefined || left > needed) return undefined;
  const failure = {
    cause: `the AWS credentials end in ${durationText(Math.max(0, Math.floor(left)))}, and the way back needs them`,
    where: "credentials",
    detail: [],
    next: `${renewal()}, then run the same command again`,
  };
  return { type: "cut-short", at, failure };
}

/** Warns when the instances could not be seen for several looks in a row, once each time. */
function followSilence(reporter: Pick<Reporter, "notify">): (look: Look) => void {
  let looks = 0;
  return ({ members, candidate }) => {
    looks = members === null ? looks + 1 : 0;
    if (looks === unseenLooks && candidate.verdict === "waiting") {
      reporter.notify({ type: "warning", text: `${candidate.detail}; the release waits` });
    }
  };
}

/** Where the traffic is left when it could not be moved back. */
function tellShares(
  { notify }: Pick<Reporter, "notify">,
  { from, to, stages }: RolloutPlan,
  { stage }: RolloutState,
): void {
  const share = stages[stage]?.weight;
  if (from === null || share === undefined) return;
  const rest = share === 100 ? "" : `, ${from.version} the rest`;
  const text = `${to.version} was given ${share} % of the traffic${rest}, and nothing watches it now`;
  notify({ type: "warning", text });
}

/** Reports one line a phase, however many steps it takes. */
function followPhases(reporter: Pick<Reporter, "notify">) {
  let open: { readonly phase: Phase; readonly step: OpenStep } | undefined;
  return {
    show(phase: Phase, { before, detail }: Pick<RolloutState, "before" | "detail">): void {
      if (open?.phase.id !== phase.id) {
        open?.step.finish(
          phase.isWayBack && !open.phase.isWayBack ? "failed" : "done",
          open.phase.id === beforePhaseId && before.report !== null
            ? beforeText(before.report, before.instance)
            : undefined,
        );
        open = { phase, step: beginStep(reporter, phase.id, phase.title) };
      }
      if (detail !== "") {
        open.step.progress(detail);
      }
    },
    end(outcome: "done" | "failed"): void {
      open?.step.finish(outcome);
    },
  };
}

const never = new AbortController().signal;
const unseenLooks = 3;
