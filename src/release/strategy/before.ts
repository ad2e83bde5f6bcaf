import { durationText } from "../../report/text.ts";
import type { BeforeReport } from "../../state/reports/before-report.ts";
import type { Update } from "../../state/release-pointer.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { Action, BeforeProgress, Look, Member, RolloutState } from "./machine.ts";
import { onward } from "./phases.ts";
import type { Judgement, Phase, Step, Wanted } from "./step.ts";

/**
 * The command of `release.before`: every instance of the new version fetches it and waits, and one of them runs the command. The steps
 * lie between a strategy's start of its instances and its wait for their health.
 */
export type BeforeStep = "run-before" | "await-before" | "start-version";

export interface BeforeRows<Name extends string> {
  readonly leaves: "nothing" | "traffic";
  readonly update: Update;
  /** The step that waits until an instance can run the command, and afterwards for the instances' health. */
  readonly wait: Name;
  readonly probes?: Wanted;
}

/** The rows of a strategy's table. */
export function beforeSteps<
  State extends RolloutState,
  Plan extends RolloutPlan,
  Name extends string,
>({
  leaves,
  update,
  wait,
  probes,
}: BeforeRows<Name>): Readonly<Record<BeforeStep, Step<State, Plan, Name | BeforeStep>>> {
  const shared = { leaves, phase: beforePhase };
  return {
    "run-before": {
      ...shared,
      next: ["await-before"],
      change: (plan, state) => pointHeld(plan, state, update),
    },
    "await-before": {
      ...shared,
      next: ["start-version", wait],
      judge: (_plan, state, look) => judgeRun<State, Name>(state, look, wait),
      ...(probes === undefined ? {} : { probes }),
    },
    "start-version": {
      ...shared,
      next: [wait],
      change: ({ to: { colour, deployment } }) => ({ do: "point", colour, deployment, update }),
    },
  };
}

/** The pointer for instances that fetch the new version, and wait before they start it while the command has not succeeded. */
export function pointHeld(
  { to: { colour, deployment }, before, instances }: RolloutPlan,
  { before: { instance, attempt, isOver } }: Pick<RolloutState, "before">,
  update: Update,
): Action {
  const isHeld = before !== undefined && !isOver;
  return {
    do: "point",
    colour,
    deployment,
    update,
    ...(isHeld ? { before: { instance, attempt, instances } } : {}),
  };
}

/**
 * The instance that runs the command, as soon as one can. Null when there is nothing to run, or no instance yet. While an instance of the
 * colour still runs it, for a release that was stopped or on an instance that is ending, no other one may.
 */
export function chooseInstance<State extends RolloutState>(
  { before, to }: RolloutPlan,
  state: State,
  { members }: Pick<Look, "members">,
): Judgement<State, BeforeStep> | null {
  if (before === undefined || state.outcome !== null || state.before.isOver) return null;
  const own = (members ?? []).filter(({ deployment }) => deployment === to.deployment);
  const early = own.find(({ ready }) => ready);
  if (early !== undefined) {
    return { back: { outcome: "rolled-back", failure: oldAgent(early, to.version) } };
  }
  const busy = members?.find((member) => member.before?.state === "running");
  if (busy !== undefined) {
    return { wait: `${busy.id} still runs the command of a release that was stopped` };
  }
  const chosen = own.find(({ holds, lifecycle }) => holds && !lifecycle.startsWith("Terminat"));
  return chosen === undefined
    ? null
    : {
        to: "run-before",
        set: progress(state, { instance: chosen.id, attempt: state.before.attempt + 1 }),
      };
}

/** The command's report on the instance that runs it; null when there is none of this attempt. */
export function reportOf(
  { before: { instance, attempt } }: Pick<RolloutState, "before">,
  { members }: Pick<Look, "members">,
): BeforeReport | null {
  const own = instance === null ? undefined : members?.find(({ id }) => id === instance);
  return own?.before?.attempt === attempt ? own.before : null;
}

/** Such as "succeeded in 12 s on i-1". */
export function beforeText(
  { state, exit_code: code, seconds }: Pick<BeforeReport, "exit_code" | "seconds" | "state">,
  instance: string | null,
): string {
  const on = instance === null ? "" : ` on ${instance}`;
  if (state === "running") return `running${on}`;
  const time = seconds === null ? "" : durationText(seconds);
  if (state === "succeeded") return `succeeded in ${time}${on}`;
  const how = code === null ? "" : ` with exit code ${code} after ${time}`;
  return `failed${how}${on}`;
}

/** Its line for `--dry-run`; none without a command. */
export function beforeLines({ before, to }: Pick<RolloutPlan, "before" | "to">): readonly string[] {
  return before === undefined
    ? []
    : [
        `run release.before of ${to.version} on one instance, for at most ${durationText(before.timeoutSeconds)}, before ${to.version} starts`,
      ];
}

/** Of the step in the report. */
export const beforePhaseId = "before";

function judgeRun<State extends RolloutState, Name extends string>(
  state: State,
  look: Look,
  wait: Name,
): Judgement<State, BeforeStep | Name> {
  const { candidate, members, at } = look;
  if (members === null) {
    return { wait: candidate.verdict === "failed" ? candidate.cause : candidate.detail };
  }
  const { instance } = state.before;
  const own = members.find(({ id }) => id === instance);
  // Once it has gone, nothing runs there any more.
  if (own === undefined) return { to: wait, set: progress(state, { instance: null }) };
  if (reportOf(state, look)?.state === "succeeded") {
    return { to: "start-version", set: progress(state, { isOver: true }) };
  }
  const time = durationText(Math.floor((at - state.entered) / 1000));
  const line = own.line === undefined || own.line === "" ? "" : `: ${own.line}`;
  return { wait: `on ${own.id} for ${time}${line}` };
}

function beforePhase({ to }: RolloutPlan): Phase {
  return onward(beforePhaseId, `Run release.before of ${to.version}`);
}

function progress<State extends RolloutState>(
  { before }: State,
  changes: Partial<BeforeProgress>,
): Partial<State> {
  const set: Partial<RolloutState> = { before: { ...before, ...changes } };
  // Every state has the field.
  return set as Partial<State>;
}

function oldAgent({ id }: Member, version: string) {
  return {
    cause: `${id} has started ${version} without release.before`,
    where: "release.before",
    detail: [
      "The agent on this instance is from an earlier version of infer-deploy, which knows no release.before.",
    ],
    next: "Replace the instances by a release with --strategy blue-green, or end them one by one",
  };
}
