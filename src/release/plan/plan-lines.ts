import type { RolloutPlan, Stage } from "./rollout-plan.ts";
import { duration } from "../../report/text.ts";

/** What a rollout will do, one line a step. */
export function planLines(plan: RolloutPlan): readonly string[] {
  return plan.strategy === "rolling" ? rollingLines(plan) : shiftLines(plan);
}

function shiftLines(plan: RolloutPlan): readonly string[] {
  const { from, to, instances } = plan;
  return [
    `start ${instances} instance${instances === 1 ? "" : "s"} of ${to.version} on ${to.colour}, and wait until they are healthy`,
    `ask ${to.version} through a header that nobody else sends, before it gets traffic`,
    ...plan.stages.map((stage) => stageLine(plan, stage)),
    `keep ${from.version} warm on ${from.colour} for ${duration(plan.keepPreviousSeconds)}, then let its instances go`,
  ];
}

function stageLine({ to }: RolloutPlan, { weight, bakeSeconds }: Stage): string {
  const share = weight === 100 ? "all traffic" : `${weight} % of the traffic`;
  const watch =
    bakeSeconds === 0
      ? "until the address answers with it"
      : `and watch it for ${duration(bakeSeconds)}`;
  return `give ${to.version} ${share}, ${watch}`;
}

function rollingLines(plan: RolloutPlan): readonly string[] {
  const { to, batch, instances } = plan;
  return [
    `take the ${instances} instances of ${to.colour} out of traffic ${batch} at a time, start ${to.version} on them, wait until they are healthy, and bring them back`,
    `watch ${to.version} for ${duration(plan.bakeSeconds)}`,
  ];
}
