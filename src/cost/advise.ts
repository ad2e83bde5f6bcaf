import type { Config } from "../config/schema/config.ts";
import { nextSmaller, packagedInstanceHour } from "./instance-table.ts";
import { cents } from "./money.ts";
import { hoursAMonth } from "./prices.ts";
import { quietHours } from "./quiet-hours.ts";

/** One hour of the service. */
export interface HourOfUse {
  /** Its beginning. */
  readonly at: Date;
  readonly requests: number;
  /** Per cent, the average of the instances that served; null where CloudWatch has no data. */
  readonly cpu: number | null;
}

/** One piece of advice. Each is meant alone: after a change, look again. */
export interface Advice {
  readonly kind: "idle" | "smaller-type" | "fewer-instances" | "schedule";
  /** What was measured. */
  readonly figure: string;
  /** What to do. */
  readonly advice: string;
  /** Lines for infer-deploy.yml; null where a verb does it. */
  readonly config: string | null;
  /** USD, by list price; null where a price is not known. */
  readonly saves_usd_per_month: number | null;
}

export interface AdvisedSettings {
  readonly region: string;
  readonly instances: Pick<Config["instances"], "min" | "type">;
  readonly scaling: Pick<Config["scaling"], "schedules">;
}

/** What the whole stack and one instance more cost a month; null where a price is not known. */
export interface AdvisedCosts {
  readonly stack: number | null;
  readonly instance: number | null;
  /** An hour of the instance's type. */
  readonly instanceHour: number | null;
}

/**
 * What the use of the last days says about the size of the stack. Empty for less than three days of data, because a weekend or a quiet evening
 * says nothing.
 */
export function advise(
  hours: readonly HourOfUse[],
  config: AdvisedSettings,
  costs: AdvisedCosts,
): readonly Advice[] {
  if (hours.length < leastHours) return [];
  if (hours.every(({ requests }) => requests === 0)) return [idle(hours, costs)];
  const smaller = smallerType(hours, config, costs);
  return [
    ...smaller,
    ...(smaller.length > 0 ? [] : fewerInstances(hours, config, costs)),
    ...schedule(hours, config, costs),
  ];
}

/** Three days. */
export const leastHours = 72;

function idle(hours: readonly HourOfUse[], { stack }: AdvisedCosts): Advice {
  return {
    kind: "idle",
    figure: `no request in ${Math.floor(hours.length / 24)} days`,
    advice: "infer-deploy destroy removes the stack; infer-deploy up makes it again",
    config: null,
    saves_usd_per_month: stack,
  };
}

/** On half the processors the busiest hour must still leave room. */
function smallerType(
  hours: readonly HourOfUse[],
  { instances: { min, type }, region }: AdvisedSettings,
  { instanceHour }: AdvisedCosts,
): readonly Advice[] {
  const peak = busiestCpu(hours);
  const smaller = nextSmaller(type);
  if (smaller === null || peak === null || peak >= calm) return [];
  const smallerHour = packagedInstanceHour(region, smaller);
  const saved = instanceHour === null || smallerHour === null ? null : instanceHour - smallerHour;
  return [
    {
      kind: "smaller-type",
      figure: `the processors were ${percent(peak)} busy in their busiest hour`,
      advice: `${smaller} is half of ${type}, also in memory: look at the memory first (metrics.instances)`,
      config: `instances:\n  type: ${smaller}`,
      saves_usd_per_month: saved === null || saved <= 0 ? null : cents(min * saved * hoursAMonth),
    },
  ];
}

/** Two instances are the least for two zones. */
function fewerInstances(
  hours: readonly HourOfUse[],
  { instances: { min } }: AdvisedSettings,
  { instance }: AdvisedCosts,
): readonly Advice[] {
  const peak = busiestCpu(hours);
  if (min <= 2 || peak === null || (peak * min) / (min - 1) >= busy) return [];
  return [
    {
      kind: "fewer-instances",
      figure: `the processors were ${percent(peak)} busy in their busiest hour`,
      advice: `${min - 1} instances would have been ${percent((peak * min) / (min - 1))} busy`,
      config: `instances:\n  min: ${min - 1}`,
      saves_usd_per_month: instance === null ? null : cents(instance),
    },
  ];
}

function schedule(
  hours: readonly HourOfUse[],
  { instances: { min }, scaling }: AdvisedSettings,
  { instance }: AdvisedCosts,
): readonly Advice[] {
  const quiet = quietHours(hours);
  if (quiet === undefined || min < 2 || scaling.schedules.length > 0) return [];
  const { from, to, count, share } = quiet;
  return [
    {
      kind: "schedule",
      figure: `from ${clock(from)} to ${clock(to)} UTC, no hour had more than ${percent(share)} of the busiest hour's requests`,
      advice: "one instance is enough then",
      config: [
        "scaling:",
        "  schedules:",
        `    - { cron: 0 ${from} * * *, min: 1 }`,
        `    - { cron: 0 ${to} * * *, min: ${min} }`,
      ].join("\n"),
      saves_usd_per_month: instance === null ? null : cents(((min - 1) * instance * count) / 24),
    },
  ];
}

function busiestCpu(hours: readonly HourOfUse[]): number | null {
  const known = hours.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]));
  return known.length < leastHours ? null : Math.max(...known);
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** Per cent of the processors: twice as much is still less than `busy`. */
const calm = 30;
const busy = 60;
