import type { ReleaseSettings } from "../../../config/schema/release.ts";
import { durationText } from "../../../report/text.ts";
import { otherColour } from "../../../stack/colour.ts";
import type { Stage, StrategyName } from "../../../state/rollout-plan.ts";
import { beforeLines } from "../before.ts";
import { movingError } from "../ending-error.ts";
import { movingPlan, type MovingPlan } from "../moving-plan.ts";
import { countText } from "../phases.ts";
import { shiftMachine, shiftSteps } from "./shift.ts";
import { drawingOf, factsOf, type NeedsFacts, type Objection, type Strategy } from "../strategy.ts";

/** The strategies that start the new version on the idle colour and move the listener's weights. They differ only in their shares. */
export function shifting(name: StrategyName, shares: Strategy["stages"]): Strategy {
  return {
    name,
    colour: otherColour,
    stages: (settings) => [...shares(settings), { weight: 100, bakeSeconds: settings.bakeSeconds }],
    needs: roomForTwice,
    machine: shiftMachine,
    facts: factsOf(shiftSteps, movingPlan),
    describe: (plan) => describe(movingPlan(plan)),
    error: (plan, ending) => movingError(movingPlan(plan), ending),
    cancelled: (plan) => `${movingPlan(plan).from.version} has all traffic`,
    drawing: drawingOf(shiftSteps),
  };
}

export const blueGreen = shifting("blue-green", () => []);

export const canary = shifting("canary", ({ canary: first }) => [first]);

export const linear = shifting("linear", rise);

/** Equal shares; the last one has the rest. */
function rise({ linear: { step, intervalSeconds } }: ReleaseSettings): readonly Stage[] {
  const stages: Stage[] = [];
  for (let weight = step; weight < 100; weight += step) {
    stages.push({ weight, bakeSeconds: intervalSeconds });
  }
  return stages;
}

function roomForTwice({ fleet, serving, instances }: NeedsFacts): readonly Objection[] {
  const idle = otherColour(serving);
  const { max } = fleet.groups[idle];
  return instances <= max
    ? []
    : [
        {
          what: `the release needs ${instances} instances on ${idle}, but its group allows at most ${max}`,
          next: "raise instances.max and run infer-deploy up, or choose --strategy rolling",
          canForce: false,
        },
      ];
}

function describe(plan: MovingPlan): readonly string[] {
  const { from, to, instances } = plan;
  return [
    `start ${countText(instances)} of ${to.version} on ${to.colour}, and wait until they are healthy`,
    ...beforeLines(plan),
    `probe ${to.version} through a secret header before it gets traffic`,
    ...plan.stages.map((stage) => stageLine(plan, stage)),
    `keep ${from.version} warm on ${from.colour} for ${durationText(plan.keepPreviousSeconds)}, then end its instances`,
  ];
}

function stageLine({ to }: MovingPlan, { weight, bakeSeconds }: Stage): string {
  const share = weight === 100 ? "all traffic" : `${weight} % of the traffic`;
  const watch =
    bakeSeconds === 0
      ? "until the address answers with it"
      : `and watch it for ${durationText(bakeSeconds)}`;
  return `give ${to.version} ${share}, ${watch}`;
}
