import { closest } from "fastest-levenshtein";
import { cronProblem, isTimeZone, timeZones } from "../../../fields/time/cron.ts";
import { momentOf } from "../../../fields/time/moment.ts";
import type { Config } from "../../../schema/config.ts";
import {
  atAllowed,
  cronAllowed,
  zoneAllowed,
  type ScalingMetric,
  type Schedule,
} from "../../../schema/fleet/scaling.ts";
import { quote, type Contradiction, type Path } from "../../problem.ts";

/** The part of `findContradictions` that is about scaling. */
export function* checkScaling({
  scaling: { metric, target, series, schedules },
  instances,
  metrics,
}: Pick<Config, "instances" | "metrics" | "scaling">): Iterable<Contradiction> {
  for (const [index, schedule] of schedules.entries()) {
    yield* checkSchedule(schedule, ["scaling", "schedules", index], instances.max);
  }
  if (metric !== null && target === null) {
    yield {
      paths: [
        ["scaling", "target"],
        ["scaling", "metric"],
      ],
      found: `the metric ${metric} without a target`,
      allowed: `what one instance should have: ${units[metric]}`,
    };
  }
  yield* checkSeries(metric, series, metrics.series);
  if (metric === "cpu" && target !== null && target > 100) {
    yield {
      paths: [
        ["scaling", "target"],
        ["scaling", "metric"],
      ],
      found: `${target} with the metric cpu`,
      allowed: "per cent of the processors, at most 100",
      suggestion: "60",
    };
  }
}

/** The policy follows what instances publish, and they publish the series that `metrics` names. */
function* checkSeries(
  metric: ScalingMetric | null,
  series: string | null,
  published: readonly string[],
): Iterable<Contradiction> {
  if (metric === "series" && series === null) {
    yield {
      paths: [
        ["scaling", "series"],
        ["scaling", "metric"],
      ],
      found: "the metric series without a name",
      allowed: "the name of one of metrics.series",
      ...(published[0] === undefined ? {} : { suggestion: published[0] }),
    };
  }
  if (series === null) return;
  if (metric !== "series") {
    yield {
      paths: [
        ["scaling", "series"],
        ["scaling", "metric"],
      ],
      found: `${quote(series)} with the metric ${metric}`,
      allowed: "scaling.series with metric: series only",
    };
  }
  if (!published.includes(series)) {
    const suggestion = closest(series, [...published]);
    yield {
      paths: [
        ["scaling", "series"],
        ["metrics", "series"],
      ],
      found: `${quote(series)}, which metrics.series does not name`,
      allowed: "one of metrics.series: instances publish these, and no other",
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
}

function* checkSchedule(schedule: Schedule, path: Path, max: number): Iterable<Contradiction> {
  const { timeZone, min } = schedule;
  yield* checkTime(schedule, path);
  if (!isTimeZone(timeZone)) {
    yield {
      paths: [[...path, "time_zone"]],
      found: quote(timeZone),
      allowed: zoneAllowed,
      suggestion: closest(timeZone, [...timeZones()]),
    };
  }
  if (min < 1) {
    yield { paths: [[...path, "min"]], found: "nothing", allowed: "the fewest instances" };
  }
  if (min > max) {
    yield {
      paths: [
        [...path, "min"],
        ["instances", "max"],
      ],
      found: `min ${min} with instances.max ${max}`,
      allowed: "at most instances.max",
      suggestion: String(max),
    };
  }
}

function* checkTime({ cron, at, timeZone }: Schedule, path: Path): Iterable<Contradiction> {
  if (cron === null && at === null) {
    yield {
      paths: [[...path, "cron"]],
      found: "nothing",
      allowed: `${cronAllowed}; or at, for a schedule that fires once`,
    };
  }
  if (cron !== null && at !== null) {
    yield {
      paths: [
        [...path, "at"],
        [...path, "cron"],
      ],
      found: `at ${quote(at)} with cron ${quote(cron)}`,
      allowed: "one of them: at fires once, cron again and again",
    };
  }
  const problem = cron === null ? null : cronProblem(cron);
  if (problem !== null) {
    const found = problem === "never" ? "a time that never comes" : "no cron";
    yield {
      paths: [[...path, "cron"]],
      found: `${quote(cron ?? "")}, ${found}`,
      allowed: cronAllowed,
    };
  }
  if (at !== null && isTimeZone(timeZone) && momentOf(at, timeZone) === null) {
    yield { paths: [[...path, "at"]], found: quote(at), allowed: atAllowed };
  }
}

const units = {
  requests: "requests a minute, such as 600",
  cpu: "per cent of the processors, such as 60",
  series: "of the series, as an average over the instances",
} as const;
