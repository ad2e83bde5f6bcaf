import type { Reporter } from "../../report/reporter.ts";
import type { ServiceSight } from "../../report/sights.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import type { Look, RolloutState } from "../strategy/machine.ts";
import type { StepFacts } from "../strategy/strategy.ts";
import { alarmsSight, colourSights, instanceSights, probeSights, stageSight } from "./sight.ts";

/** Shows a rollout: one sight at every change of its state and at every look. */
export interface RolloutShow {
  readonly onFleet: (fleet: FleetSnapshot | null) => void;
  readonly show: (state: RolloutState, facts: StepFacts, look: Look | null) => void;
  /** Nothing is shown after it. */
  readonly end: () => void;
}

export function createRolloutShow(
  reporter: Pick<Reporter, "notify">,
  plan: RolloutPlan,
  now: () => Date,
): RolloutShow {
  let fleet: FleetSnapshot | null = null;
  let alarms: Look["alarms"] = [];
  return {
    onFleet: (seen) => {
      fleet = seen;
    },
    show: (state, facts, look) => {
      alarms = look?.alarms ?? alarms;
      const weights = fleet?.weights ?? null;
      const sight: ServiceSight = {
        at: now().getTime(),
        facts: [],
        colours: colourSights(plan, weights),
        instances: fleet === null ? null : instanceSights(fleet.instances, fleet.weights),
        alarms: alarmsSight(
          { watched: plan.alarms.length, on: alarms },
          plan,
          state.muted,
          weights,
        ),
        probes: look === null ? [] : probeSights(look),
        stage: stageSight(plan, state, facts),
      };
      // The first look comes after the first changes.
      if (fleet !== null || look !== null) reporter.notify({ type: "service-seen", sight });
    },
    end: () => {
      reporter.notify({ type: "service-left" });
    },
  };
}
