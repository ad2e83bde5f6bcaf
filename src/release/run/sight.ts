import type {
  AlarmsSight,
  ColourSight,
  InstanceSight,
  Mood,
  ProbeSight,
  StageSight,
} from "../../report/sights.ts";
import { colours } from "../../stack/colour.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import { isHopeless, isLive, stateText } from "../observe/judge.ts";
import type { FleetSnapshot, InstanceSnapshot } from "../observe/snapshot.ts";
import type { Look, RolloutState } from "../strategy/machine.ts";
import type { StepFacts } from "../strategy/strategy.ts";

/** The colours of a rollout. `weights`: null when they cannot be read now. */
export function colourSights(
  { from, to }: Pick<RolloutPlan, "from" | "to">,
  weights: FleetSnapshot["weights"] | null,
): readonly ColourSight[] {
  return colours.flatMap((colour) => {
    const sides = [from, to].flatMap((side) => (side?.colour === colour ? [side.version] : []));
    if (sides.length === 0) return [];
    return [{ colour, version: sides.join(" -> "), weight: weights?.[colour] ?? null }];
  });
}

/** The instances that are there, each with its own version and state. */
export function instanceSights(
  instances: FleetSnapshot["instances"],
  weights: FleetSnapshot["weights"],
): readonly InstanceSight[] {
  return instances.filter(isLive).map((instance) => {
    const mood = moodOf(instance, weights[instance.colour] > 0);
    const { id, colour, agent } = instance;
    return { id, colour, version: agent?.version ?? null, state: words(instance, mood), mood };
  });
}

/**
 * `weights`: null when they cannot be read now. Before the new version has traffic, the alarms that its starting instances set off do not
 * count.
 */
export function alarmsSight(
  { watched, on }: { readonly watched: number; readonly on: Look["alarms"] },
  plan: Pick<RolloutPlan, "startAlarms" | "to"> | undefined,
  muted: readonly string[],
  weights: FleetSnapshot["weights"] | null,
): AlarmsSight {
  const isStarting = plan !== undefined && (weights?.[plan.to.colour] ?? 0) === 0;
  const isExpected = (alarm: string): boolean =>
    muted.includes(alarm) || (isStarting && plan.startAlarms.includes(alarm));
  return {
    watched,
    on: on.flatMap(({ alarm }) =>
      alarm === "" ? [] : [{ name: alarm, expected: isExpected(alarm) }],
    ),
    canBeRead: on.every(({ alarm }) => alarm !== ""),
  };
}

export function probeSights({ at, probes }: Pick<Look, "at" | "probes">): readonly ProbeSight[] {
  return probes.map(({ good, detail, milliseconds }) => ({
    at,
    good,
    detail,
    milliseconds: milliseconds ?? null,
  }));
}

export function stageSight(
  { from, stages, timeoutSeconds }: Pick<RolloutPlan, "from" | "stages" | "timeoutSeconds">,
  { began, entered, failure, outcome, stage }: RolloutState,
  { phase, watchSeconds }: Pick<StepFacts, "phase" | "watchSeconds">,
): StageSight {
  const isOn = outcome === null;
  return {
    share: stages.length > 1 && !phase.isWayBack ? { number: stage + 1, of: stages.length } : null,
    began: entered,
    ends: watchSeconds === null ? null : entered + watchSeconds * 1000,
    deadline: isOn ? began + timeoutSeconds * 1000 : null,
    undone: from === null ? "stopped" : "rolled back",
    trouble: failure?.cause ?? null,
  };
}

/** Without the words of an instance that is well, and of a detail that only repeats its state. */
function words(instance: InstanceSnapshot, mood: Mood): string {
  const { agent, lifecycle } = instance;
  const all = stateText(instance);
  const own = agent?.state ?? all;
  const isRepeated = all.toLowerCase().startsWith(`${own}: ${own}`);
  const state = mood === "good" || isRepeated ? own : all;
  const isUsual = lifecycle === "InService" || lifecycle.startsWith("Pending");
  return isUsual ? state : `${state}, ${lifecycle}`;
}

/** An idle colour's target is "unused" or "draining" without anything being wrong. */
function moodOf({ agent, targetHealth }: InstanceSnapshot, hasTraffic: boolean): Mood {
  if (agent === null) return "waiting";
  if (isHopeless(agent) || agent.state === "crashed") return "bad";
  if (agent.state !== "healthy") return "waiting";
  if (targetHealth === "healthy") return "good";
  return targetHealth === "unhealthy" && hasTraffic ? "bad" : "waiting";
}
