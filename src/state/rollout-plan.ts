import * as z from "zod/mini";
import { releaseStrategies } from "../config/fields/strategy-names.ts";
import type { Colour } from "../stack/colour.ts";

/** How a new version gets its traffic. `first` is a stack's first release, which replaces nothing. */
export const strategyNames = [...releaseStrategies, "first"] as const;

/** What moves traffic. */
export const releaseKinds = ["release", "rollback", "restart"] as const;

export type ReleaseKind = (typeof releaseKinds)[number];

export type StrategyName = (typeof strategyNames)[number];

/** One step of moving traffic: the new colour's share in per cent, and how long that share is watched. */
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

/** All decisions of a rollout, made before it begins. JSON-able: the journal keeps it for a run that repairs the rollout. */
export interface RolloutPlan {
  readonly kind: ReleaseKind;
  readonly strategy: StrategyName;
  /** Number of its record. */
  readonly release: number;
  /** The version that serves at the beginning; null for `first`. */
  readonly from: Side | null;
  readonly to: Side;
  /** Healthy targets that the new version needs. */
  readonly instances: number;
  /** The serving group's minimum while no release is in progress. */
  readonly minimum: number;
  /** At least one stage, the last with weight 100. Empty for strategies that move no weights. */
  readonly stages: readonly Stage[];
  /** The new version runs already and needs only the traffic. */
  readonly warm: boolean;
  /** Instances that `rolling` takes out at a time. */
  readonly batch: number;
  /** Seconds of watching after all traffic has moved; for `rolling`, after the last batch. */
  readonly bakeSeconds: number;
  /** Seconds that the whole rollout may take. After that it is rolled back. */
  readonly timeoutSeconds: number;
  /** How many seconds the previous colour keeps its instances. */
  readonly keepPreviousSeconds: number;
  /** Names of the alarms that end it. */
  readonly alarms: readonly string[];
  /** Those that starting instances set off. They count once they have been quiet. */
  readonly startAlarms: readonly string[];
  /** This many bad probes among the last `probeWindow` end the rollout. */
  readonly probeFailures: number;
  readonly probeWindow: number;
  /** The command of `release.before` runs before the version starts. Left out: there is none, or it does not run again. */
  readonly before?: { readonly timeoutSeconds: number };
}

const side = z.looseObject({
  colour: z.enum(["blue", "green"]),
  version: z.string(),
  deployment: z.int(),
});

export const rolloutPlanSchema: z.ZodMiniType<RolloutPlan> = z.looseObject({
  kind: z.enum(releaseKinds),
  strategy: z.enum(strategyNames),
  release: z.int(),
  from: z.nullable(side),
  to: side,
  instances: z.int(),
  minimum: z.int(),
  stages: z.array(z.looseObject({ weight: z.number(), bakeSeconds: z.number() })),
  warm: z.boolean(),
  batch: z.int(),
  bakeSeconds: z.number(),
  timeoutSeconds: z.number(),
  keepPreviousSeconds: z.number(),
  alarms: z.array(z.string()),
  startAlarms: z.array(z.string()),
  probeFailures: z.int(),
  probeWindow: z.int(),
  before: z.exactOptional(z.looseObject({ timeoutSeconds: z.number() })),
});
