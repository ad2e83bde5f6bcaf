import * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { group, key, mapOf } from "../../fields/keys.ts";

export const cronAllowed =
  "five fields of cron that fire at some time, such as 0 8 * * 1-5 for eight o'clock from Monday to Friday";

export const atAllowed = "a time that the clocks of its zone show, such as 2026-12-24 08:00";

export const zoneAllowed = "the name of a time zone, such as Europe/Berlin";

/** How the serving colour follows its load. */
export interface ScalingSettings {
  /** Null: no policy. */
  readonly metric: ScalingMetric | null;
  /** What one instance should have of the metric. Null: no policy. */
  readonly target: number | null;
  /** Name of the app's series that the metric `series` is. Null with every other metric. */
  readonly series: string | null;
  readonly schedules: readonly Schedule[];
}

/** A minimum that holds from its time on, until the next schedule's. */
export interface Schedule {
  /** Five fields: minute, hour, day of the month, month, day of the week. Null: it fires once. */
  readonly cron: string | null;
  /** When it fires once, such as 2026-12-24 08:00; null for one with cron. */
  readonly at: string | null;
  /** IANA's name, such as Europe/Berlin. */
  readonly timeZone: string;
  readonly min: number;
}

/** What a policy looks at: requests a minute for each instance, per cent of the processors, or a series of the app's own. */
export const scalingMetrics = ["requests", "cpu", "series"] as const;

export type ScalingMetric = (typeof scalingMetrics)[number];

const scheduleShape = {
  cron: key(
    z.string({ error: cronAllowed }),
    "When it fires: minute, hour, day of the month, month, day of the week.",
  ),
  at: key(
    z.string({ error: atAllowed }),
    "When it fires, for a schedule that fires once, such as 2026-12-24 08:00.",
  ),
  time_zone: key(z.string({ error: zoneAllowed }), "Whose clock cron and at mean.", "UTC"),
  min: key(
    field.wholeNumber(1, 500, "instances"),
    "Fewest instances from then on, until the next schedule.",
  ),
};

const schedulesAllowed = "a list of at most 20 schedules, each with cron or at, time_zone and min";

const metricAllowed = (issue: { readonly input?: unknown }): string =>
  issue.input === "gpu"
    ? "requests, cpu or series: CloudWatch has no figure of the GPU's use. An app that knows it can publish a series"
    : "requests, cpu or series";

const seriesAllowed = "the name of a series in metrics.series, such as predictions_running";

const targetAllowed = "a number from 0.01 to 1000000000";

export const scaling = group("How the number of instances follows the load.", {
  metric: key(
    field.choice(scalingMetrics, metricAllowed),
    "What the policy looks at. requests: requests a minute for each instance. cpu: per cent of the processors. series: the average over the instances of a series of the app. Default: series where scaling.series is set, otherwise requests.",
  ),
  series: key(
    z.string({ error: seriesAllowed }),
    "Name of the app's series that metric: series follows, one of metrics.series. It must fall when instances are added, such as requests in flight in each.",
  ),
  target: key(
    z
      .number({ error: targetAllowed })
      .check(z.gte(0.01, { error: targetAllowed }), z.lte(1_000_000_000, { error: targetAllowed })),
    "What one instance should have of the metric. Auto Scaling starts instances above it and ends them below it, between instances.min and instances.max. Default: no policy.",
  ),
  schedules: key(
    z
      .array(z.strictObject(scheduleShape, { error: mapOf(scheduleShape) }), {
        error: schedulesAllowed,
      })
      .check(z.maxLength(20, { error: schedulesAllowed })),
    "Times at which the fewest instances change. Instead of instances.min, the schedule that fired last counts.",
    [],
  ),
});

type ScalingKeys = NonNullable<z.infer<typeof scaling>>;

/** `profile`: of the workload. */
export function settleScaling(
  keys: ScalingKeys = {},
  profile?: { readonly metric: ScalingMetric },
): ScalingSettings {
  const target = keys.target ?? null;
  const series = keys.series ?? null;
  const byDefault = series === null ? (profile?.metric ?? "requests") : "series";
  return {
    metric: keys.metric ?? (target === null && series === null ? null : byDefault),
    target,
    series,
    schedules: (keys.schedules ?? []).map(
      ({ cron = null, at = null, time_zone: timeZone = "UTC", min }) => ({
        cron,
        at,
        timeZone,
        // A missing one is a contradiction later.
        min: min ?? 0,
      }),
    ),
  };
}
