import * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** How the serving colour follows its load. */
export interface ScalingSettings {
  /** Null: no policy. */
  readonly metric: ScalingMetric | null;
  /** What one instance should have of the metric. Null: no policy. */
  readonly target: number | null;
}

/** What a policy looks at: requests a minute for each instance, or per cent of the processors. */
export const scalingMetrics = ["requests", "cpu"] as const;

export type ScalingMetric = (typeof scalingMetrics)[number];

const targetAllowed = "a number from 0.01 to 1000000000";

export const scaling = group("How the number of instances follows the load.", {
  metric: key(
    field.choice(scalingMetrics),
    "What the policy looks at. requests: requests a minute for each instance. cpu: per cent of the processors. Default: requests, where target is set.",
  ),
  target: key(
    z
      .number({ error: targetAllowed })
      .check(z.gte(0.01, { error: targetAllowed }), z.lte(1_000_000_000, { error: targetAllowed })),
    "What one instance should have of the metric. Auto Scaling starts instances above it and ends them below it, between instances.min and instances.max. Default: no policy.",
  ),
});

type ScalingKeys = NonNullable<z.infer<typeof scaling>>;

export function settleScaling(keys: ScalingKeys = {}): ScalingSettings {
  const target = keys.target ?? null;
  return { metric: keys.metric ?? (target === null ? null : "requests"), target };
}
