import type { RolloutState } from "./machine.ts";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { duration } from "../../report/text.ts";

/** What a person calls a step. Several steps of a machine may be one of these. */
export interface StepReport {
  readonly id: string;
  readonly title: string;
  readonly isWayBack: boolean;
}

export function stepReport(plan: RolloutPlan, state: RolloutState): StepReport {
  const { from, to, instances } = plan;
  const forward = (id: string, title: string): StepReport => ({ id, title, isWayBack: false });
  const back = (id: string, title: string): StepReport => ({ id, title, isWayBack: true });
  switch (state.step) {
    case "claim":
    case "clear":
    case "point":
    case "start":
    case "wait":
    case "lower-minimum":
      return plan.strategy === "rolling"
        ? walk(plan, state)
        : forward("start", `Start ${countText(instances)} of ${to.version} on ${to.colour}`);
    case "open-probe":
    case "probe":
      return forward("probe", `Ask ${to.version} before it gets traffic`);
    case "claim-warm":
    case "hold":
    case "shift":
    case "bake": {
      if (plan.strategy === "rolling") {
        return forward("bake", `Watch ${to.version} for ${duration(plan.bakeSeconds)}`);
      }
      const stage = plan.stages[state.stage];
      const weight = stage?.weight ?? 100;
      const share = weight === 100 ? "all traffic" : `${weight} % of the traffic`;
      const watch =
        stage === undefined || stage.bakeSeconds === 0
          ? ""
          : `, watch it for ${duration(stage.bakeSeconds)}`;
      return forward(`shift-${weight}`, `Give ${to.version} ${share}${watch}`);
    }
    case "close-probe":
    case "retire-previous":
      return forward(
        "tidy",
        `Keep ${from.version} warm on ${from.colour} for ${duration(plan.keepPreviousSeconds)}`,
      );
    case "put-back":
    case "see-back":
      return back("put-back", `Give ${from.version} all traffic back`);
    case "withdraw-probe":
    case "discard":
      return back("discard", `Take ${to.version} away`);
    case "set-minimum":
    case "finish":
      return plan.strategy === "rolling"
        ? forward("tidy", "Tidy up")
        : forward(
            "tidy",
            `Keep ${from.version} warm on ${from.colour} for ${duration(plan.keepPreviousSeconds)}`,
          );
    default:
      return walk(plan, state);
  }
}

function walk(plan: RolloutPlan, state: RolloutState): StepReport {
  const isWayBack = state.outcome !== null && state.outcome !== "succeeded";
  const version = isWayBack ? plan.from.version : plan.to.version;
  return {
    id: isWayBack ? "walk-back" : "walk",
    title: isWayBack
      ? `Bring the instances of ${plan.to.colour} back to ${version}`
      : `Update the instances of ${plan.to.colour} to ${version}, ${plan.batch} at a time`,
    isWayBack,
  };
}

function countText(instances: number): string {
  return instances === 1 ? "1 instance" : `${instances} instances`;
}
