import type { Config } from "../../config/schema/schema.ts";
import type { Colour } from "../../stack/colour.ts";

export type Strategy = "blue-green" | "canary" | "linear" | "rolling";

/** One step of moving traffic: the new colour's share of it in per cent, and how long that is watched. */
export interface Stage {
  readonly weight: number;
  readonly bakeSeconds: number;
}

/** A version on a colour. */
export interface Side {
  readonly colour: Colour;
  readonly version: string;
  /** The release number that the colour's pointer names and its instances report. */
  readonly deployment: number;
}

/** Everything that a rollout goes by, decided before it begins. JSON-able: the journal keeps it, so that another run can put things right. */
export interface RolloutPlan {
  readonly kind: "release" | "rollback";
  readonly strategy: Strategy;
  /** Number of its record. */
  readonly release: number;
  /** What serves when it begins. */
  readonly from: Side;
  readonly to: Side;
  /** Healthy targets that the new version needs. */
  readonly instances: number;
  /** What the serving group's minimum is when nothing is being released. */
  readonly minimum: number;
  /** At least one, the last with weight 100; empty for `rolling`, which moves no weights. */
  readonly stages: readonly Stage[];
  /** The new version runs already and needs no more than the traffic. */
  readonly warm: boolean;
  /** Instances that `rolling` takes out at a time. */
  readonly batch: number;
  /** Seconds of watching after the last of the traffic has moved; for `rolling`, after the last batch. */
  readonly bakeSeconds: number;
  /** Seconds from the first step to the last; after them everything is put back. */
  readonly timeoutSeconds: number;
  /** Seconds for which the previous colour keeps its instances. */
  readonly keepPreviousSeconds: number;
  /** Names of the alarms that end it. */
  readonly alarms: readonly string[];
  /** Those of them that the start of instances sets off: they count from when they have been quiet. */
  readonly startAlarms: readonly string[];
  /** So many bad probes among the last `window` of them end the rollout. */
  readonly probeFailures: number;
  readonly probeWindow: number;
}

/** The stages of a strategy, whatever its numbers: they rise and end with all of the traffic. */
export function stagesOf(settings: Config["release"]): readonly Stage[] {
  const last: Stage = { weight: 100, bakeSeconds: settings.bakeSeconds };
  switch (settings.strategy) {
    case "blue-green":
      return [last];
    case "canary":
      return [settings.canary, last];
    case "linear": {
      const stages: Stage[] = [];
      for (let weight = settings.linear.step; weight < 100; weight += settings.linear.step) {
        stages.push({ weight, bakeSeconds: settings.linear.intervalSeconds });
      }
      return [...stages, last];
    }
    case "rolling":
      return [];
  }
}
