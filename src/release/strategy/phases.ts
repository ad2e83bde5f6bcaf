import { durationText } from "../../report/text.ts";
import type { RolloutState } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";
import type { Phase } from "./step.ts";

/** The report's names for the phases of moving traffic from one colour to the other. */
export const shiftPhases = {
  start: ({ to, instances, before }: MovingPlan, state: Pick<RolloutState, "before">): Phase =>
    before !== undefined && state.before.isOver
      ? onward("wait", `Start ${to.version} on ${countText(instances)}`)
      : onward("start", `Start ${countText(instances)} of ${to.version} on ${to.colour}`),
  probe: ({ to }: MovingPlan): Phase =>
    onward("probe", `Probe ${to.version} before it gets traffic`),
  shift: ({ to, stages }: MovingPlan, { stage: index }: Pick<RolloutState, "stage">): Phase => {
    const stage = stages[index];
    const weight = stage?.weight ?? 100;
    const share = weight === 100 ? "all traffic" : `${weight} % of the traffic`;
    const seconds = stage?.bakeSeconds ?? 0;
    const watch = seconds === 0 ? "" : `, watch it for ${durationText(seconds)}`;
    return onward(`shift-${weight}`, `Give ${to.version} ${share}${watch}`);
  },
  grow: (
    { from, to }: MovingPlan,
    { stage, wanted }: Pick<RolloutState, "stage"> & { readonly wanted: number },
  ): Phase =>
    onward(
      `grow-${stage}`,
      `Start ${to.version} on ${countText(wanted)}, because ${from.version} has grown`,
    ),
  tidy: ({ from, keepPreviousSeconds }: MovingPlan): Phase =>
    onward(
      "tidy",
      `Keep ${from.version} warm on ${from.colour} for ${durationText(keepPreviousSeconds)}`,
    ),
  putBack: ({ from }: MovingPlan): Phase =>
    wayBack("put-back", `Give ${from.version} all traffic back`),
  discard: ({ to }: MovingPlan): Phase => wayBack("discard", `Remove ${to.version}`),
} as const;

/** The report's names for the phases of updating a colour in place. */
export const rollingPhases = {
  walk: (
    { from, to, batch, before: command }: MovingPlan,
    { before, outcome }: Pick<RolloutState, "before" | "outcome">,
  ): Phase =>
    outcome === null || outcome === "succeeded"
      ? onward(
          command !== undefined && before.isOver ? "walk-on" : "walk",
          `Update the instances of ${to.colour} to ${to.version}, ${batch} at a time`,
        )
      : wayBack("walk-back", `Bring the instances of ${to.colour} back to ${from.version}`),
  bake: ({ to, bakeSeconds }: MovingPlan): Phase =>
    onward("bake", `Watch ${to.version} for ${durationText(bakeSeconds)}`),
  tidy: (): Phase => onward("tidy", "Tidy up"),
} as const;

/** The report's names for the phases of replacing the one container. */
export const recreatePhases = {
  fetch: ({ from, to, before }: MovingPlan, state: Pick<RolloutState, "before">): Phase =>
    before !== undefined && state.before.isOver
      ? onward("open-probe", `Prepare the change to ${to.version}`)
      : onward("fetch", `Fetch the image of ${to.version} while ${from.version} serves`),
  replace: ({ from, to }: MovingPlan): Phase =>
    onward("replace", `Stop ${from.version}, start ${to.version} and probe it: nothing serves`),
  bake: ({ to, bakeSeconds }: MovingPlan): Phase =>
    onward("bake", `Watch ${to.version} for ${durationText(bakeSeconds)}`),
  tidy: (): Phase => onward("tidy", "Tidy up"),
  putBack: ({ from }: MovingPlan): Phase =>
    wayBack("put-back", `Start ${from.version} again, and give it all traffic`),
  discard: ({ to }: MovingPlan): Phase => wayBack("discard", `Remove ${to.version}`),
} as const;

export function onward(id: string, title: string): Phase {
  return { id, title, isWayBack: false };
}

export function wayBack(id: string, title: string): Phase {
  return { id, title, isWayBack: true };
}

export function countText(instances: number): string {
  return instances === 1 ? "1 instance" : `${instances} instances`;
}
