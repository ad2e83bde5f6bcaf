import type { RolloutPlan } from "../../state/rollout-plan.ts";
import { unreadText } from "./bad-news.ts";
import { reportOf } from "./before.ts";
import type { Ending, Event, Look, Machine, RolloutState } from "./machine.ts";
import type { Judgement, Step, Turn } from "./step.ts";

/** What one strategy adds to the shared machine. Pure. */
export interface Definition<
  State extends RolloutState & { readonly step: Name },
  Plan extends RolloutPlan,
  Name extends string,
> {
  /** The plan as this strategy needs it. Throws an Error for another strategy's plan. */
  readonly narrow: (plan: RolloutPlan) => Plan;
  readonly blank: State;
  readonly steps: Readonly<Record<Name, Step<State, Plan, Name>>>;
  readonly begin: (plan: Plan) => Move<State, Name>;
  /** The reason to roll back at any step, or null. Asked until the outcome is decided. */
  readonly badNews: (plan: Plan, state: State, look: Look) => Turn | null;
  /** The first step after a turn. */
  readonly back: (plan: Plan, state: State, turn: Turn) => Move<State, Name>;
  /** The step where another run continues. `left`: what the killed run left at its step. */
  readonly resume: (
    plan: Plan,
    step: string,
    left: Step<State, Plan, Name>["leaves"],
  ) => Move<State, Name>;
  /** Whether an interruption no longer stops the rollout, although its outcome is open. */
  readonly isCommitted?: (plan: Plan, state: State) => boolean;
  /** The step after a failed change, once the outcome is decided; null tries the same change again. */
  readonly retry?: (state: State) => Name | null;
  /** Asked after too many failures of one change, once the outcome is decided: true ends the rollout, false skips the change. */
  readonly isStuck: (state: State) => boolean;
  /** Whether the rollout has taken too long after its outcome was decided. */
  readonly isOverdue?: (plan: Plan, state: State, look: Look) => boolean;
  /** Whether probes count beyond the step that sent them. */
  readonly keepsProbes: boolean;
}

/** The state that every rollout begins with. */
export const blank: Omit<RolloutState, "step"> = {
  action: null,
  detail: "",
  stage: 0,
  began: 0,
  entered: 0,
  probes: [],
  attempts: 0,
  muted: [],
  unread: 0,
  outcome: null,
  failure: null,
  stays: false,
  untidy: [],
  before: { instance: null, attempt: 0, isOver: false, report: null },
  ended: null,
};

/** The next step, and the other changes of the state. */
export interface Move<State, Name extends string> {
  readonly to: Name;
  readonly set?: Partial<State>;
}

/**
 * A machine from a table of steps, with the behaviour that all strategies share. A failed change rolls back until the outcome is decided,
 * and is tried again afterwards. An interruption rolls back. A waiting step judges each look.
 */
export function createMachine<
  State extends RolloutState & { readonly step: Name },
  Plan extends RolloutPlan,
  Name extends string,
>(definition: Definition<State, Plan, Name>): Machine<State> {
  const { steps, narrow } = definition;

  const isDecided = (plan: Plan, state: State): boolean =>
    state.outcome !== null || definition.isCommitted?.(plan, state) === true;

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
    { at, reason, next }: Extract<Event, { readonly type: "action-failed" }>,
  ): State => {
    if (state.outcome === null) {
      const change = state.action === null ? "a change" : `the change "${state.action.do}"`;
      const failure = {
        cause: `AWS refused ${change}: ${reason}`,
        where: `step ${state.step}`,
        detail: [],
        ...(next === undefined ? {} : { next }),
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
    if (definition.isStuck(state)) {
      return end(failed, true);
    }
    const untidy = [...failed.untidy, { step: state.step, reason }];
    return afterChange(plan, { ...failed, untidy }, at);
  };

  const afterLook = (plan: Plan, given: State, look: Look): State => {
    const isUnread = unreadText(look) !== null;
    const report = reportOf(given, look) ?? given.before.report;
    const before = {
      ...given,
      unread: isUnread ? given.unread + 1 : 0,
      before: { ...given.before, report },
    };
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
      // An alarm that starting instances set off counts again once it has been off.
      muted: isUnread ? before.muted : before.muted.filter((alarm) => on.has(alarm)),
    };
    const { change, judge } = steps[state.step];
    if (change !== undefined) {
      // The change failed, so make it again.
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
          return isDecided(plan, state)
            ? state
            : turnBack(plan, state, { outcome: "cancelled", failure: null }, event.at);
        case "cut-short": {
          const { at, failure } = event;
          return isDecided(plan, state)
            ? state
            : turnBack(plan, state, { outcome: "rolled-back", failure }, at);
        }
        case "looked":
          return afterLook(plan, state, event.look);
      }
    },
  };
}

function end<State extends RolloutState>(state: State, stuck: boolean): State {
  return { ...state, action: null, ended: endingOf(state, stuck) };
}

/** The ending of a stuck rollback names the last problem as well as the cause of the rollback. */
function endingOf(state: RolloutState, stuck: boolean): Ending {
  const { outcome, failure, step, detail, stays, untidy, before } = state;
  const known = failure ?? { cause: "it was cancelled", where: `step ${step}`, detail: [] };
  return {
    outcome: outcome ?? "failed",
    failure: stuck
      ? { ...known, detail: [...known.detail, `at the step ${step}: ${detail}`] }
      : failure,
    stuck,
    ...(stays && { stays }),
    ...(untidy.length > 0 && { untidy }),
    ...(before.attempt > 0 && { before }),
  };
}

const mostAttempts = 30;
const probesKept = 200;
