import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { Ending, Event, Look, Machine, RolloutState } from "./machine.ts";
import type { Judgement, Step, Turn } from "./step.ts";

/** What one strategy adds to the shell that all share. Pure. */
export interface Definition<
  State extends RolloutState & { readonly step: Name },
  Plan extends RolloutPlan,
  Name extends string,
> {
  /** The plan as this strategy needs it. Throws an Error for a plan that is not its own. */
  readonly narrow: (plan: RolloutPlan) => Plan;
  readonly blank: State;
  readonly steps: Readonly<Record<Name, Step<State, Plan, Name>>>;
  readonly begin: (plan: Plan) => Move<State, Name>;
  /** Why the way must turn back, whatever the step; null when nothing speaks against it. Asked until the outcome is decided. */
  readonly badNews: (plan: Plan, state: State, look: Look) => Turn | null;
  /** Where the way back, or the way out, begins. */
  readonly back: (plan: Plan, state: State, turn: Turn) => Move<State, Name>;
  /** Where another run continues: `left` is what the killed one left at its step. */
  readonly resume: (
    plan: Plan,
    step: string,
    left: Step<State, Plan, Name>["leaves"],
  ) => Move<State, Name>;
  /** A way that an interruption does not stop any more, though its outcome is open. */
  readonly isCommitted?: (plan: Plan, state: State) => boolean;
  /** After a failed change on a decided way: null tries the same change again. */
  readonly retry?: (state: State) => Name | null;
  /** After too many failures of one change on a decided way: whether the rollout ends there, or passes over the change. */
  readonly isStuck: (state: State) => boolean;
  /** A decided way that has taken too long. */
  readonly isOverdue?: (plan: Plan, state: State, look: Look) => boolean;
  /** Probes tell of the step that asked them, or of all of the way. */
  readonly keepsProbes: boolean;
}

/** Where every rollout begins from. */
export const blank: Omit<RolloutState, "step"> = {
  action: null,
  detail: "",
  stage: 0,
  began: 0,
  entered: 0,
  probes: [],
  attempts: 0,
  muted: [],
  outcome: null,
  failure: null,
  ended: null,
};

/** A step to go to, and what else of the state changes. */
export interface Move<State, Name extends string> {
  readonly to: Name;
  readonly set?: Partial<State>;
}

/**
 * A machine from a table of steps. What every strategy has in common stands here: a change that fails turns the way back as long as nothing is
 * decided, and is tried again once it is; an interruption turns it back; a look is judged by the step that waits.
 */
export function createMachine<
  State extends RolloutState & { readonly step: Name },
  Plan extends RolloutPlan,
  Name extends string,
>(definition: Definition<State, Plan, Name>): Machine<State> {
  const { steps, narrow } = definition;

  const enter = (plan: Plan, state: State, { to, set }: Move<State, Name>, at: number): State => {
    const probes = definition.keepsProbes ? state.probes : [];
    const entered = { ...state, probes, ...set, step: to, entered: at, detail: "" };
    return { ...entered, action: steps[to].change?.(plan, entered) ?? null };
  };

  const turnBack = (plan: Plan, state: State, turn: Turn, at: number): State => {
    const turned = { ...state, ...turn, attempts: 0, began: at };
    return enter(plan, turned, definition.back(plan, turned, turn), at);
  };

  const afterChange = (plan: Plan, before: State, at: number): State => {
    const { next, changed } = steps[before.step];
    const state = { ...before, ...changed, attempts: 0 };
    const [to] = next;
    return to === undefined ? end(state, false) : enter(plan, state, { to }, at);
  };

  const afterFailure = (
    plan: Plan,
    state: State,
    { at, reason }: Extract<Event, { readonly type: "action-failed" }>,
  ): State => {
    if (state.outcome === null) {
      const change = state.action === null ? "a change" : `the change "${state.action.do}"`;
      const failure = {
        cause: `AWS refused ${change}: ${reason}`,
        where: `step ${state.step}`,
        detail: [],
      };
      return turnBack(plan, state, { outcome: "failed", failure }, at);
    }
    const failed = { ...state, action: null, attempts: state.attempts + 1, detail: reason };
    if (state.attempts < mostAttempts) {
      const to = definition.retry?.(state) ?? null;
      return to === null
        ? failed
        : { ...enter(plan, failed, { to }, at), attempts: failed.attempts, detail: reason };
    }
    return definition.isStuck(state) ? end(failed, true) : afterChange(plan, failed, at);
  };

  const afterLook = (plan: Plan, before: State, look: Look): State => {
    if (before.outcome === null) {
      const turn = definition.badNews(plan, before, look);
      if (turn !== null) return turnBack(plan, before, turn, look.at);
    } else if (definition.isOverdue?.(plan, before, look) === true) {
      return end(before, true);
    }
    const on = new Set(look.alarms.map(({ alarm }) => alarm));
    const state = {
      ...before,
      probes: [...before.probes, ...look.probes].slice(-probesKept),
      // An alarm that the start of instances set off counts again once it has been quiet.
      muted: before.muted.filter((alarm) => on.has(alarm)),
    };
    const { change, judge } = steps[state.step];
    if (change !== undefined) {
      // It failed, and is made again.
      return state.action === null ? { ...state, action: change(plan, state) } : state;
    }
    return judge === undefined ? state : apply(plan, state, judge(plan, state, look), look.at);
  };

  const apply = (
    plan: Plan,
    state: State,
    judgement: Judgement<State, Name>,
    at: number,
  ): State => {
    if ("back" in judgement) return turnBack(plan, state, judgement.back, at);
    return "to" in judgement
      ? enter(plan, state, judgement, at)
      : { ...state, ...judgement.set, detail: judgement.wait };
  };

  return {
    start: (given, at) => {
      const plan = narrow(given);
      return enter(plan, { ...definition.blank, began: at }, definition.begin(plan), at);
    },
    resume: (given, step, at) => {
      const plan = narrow(given);
      const state = { ...definition.blank, began: at };
      const known: Step<State, Plan, Name> | undefined = steps[step as Name];
      const left = known?.leaves ?? "nothing";
      return enter(plan, state, definition.resume(plan, step, left), at);
    },
    next: (given, state, event) => {
      if (state.ended !== null) return state;
      const plan = narrow(given);
      switch (event.type) {
        case "acted":
          return afterChange(plan, state, event.at);
        case "action-failed":
          return afterFailure(plan, state, event);
        case "interrupted":
          return state.outcome !== null || definition.isCommitted?.(plan, state) === true
            ? state
            : turnBack(plan, state, { outcome: "cancelled", failure: null }, event.at);
        case "looked":
          return afterLook(plan, state, event.look);
      }
    },
  };
}

function end<State extends RolloutState>(state: State, stuck: boolean): State {
  return { ...state, action: null, ended: endingOf(state, stuck) };
}

/** A way back that did not get through says what it last ran into, besides what had turned it back. */
function endingOf(state: RolloutState, stuck: boolean): Ending {
  const { outcome, failure, step, detail } = state;
  const known = failure ?? { cause: "it was cancelled", where: `step ${step}`, detail: [] };
  return {
    outcome: outcome ?? "failed",
    failure: stuck
      ? { ...known, detail: [...known.detail, `at the step ${step}: ${detail}`] }
      : failure,
    stuck,
  };
}

const mostAttempts = 30;
const probesKept = 200;
