import { closest } from "fastest-levenshtein";
import { cronProblem, isTimeZone, timeZones } from "../fields/cron.ts";
import type { Config } from "../schema/config.ts";
import { cronAllowed, zoneAllowed, type Schedule } from "../schema/fleet/scaling.ts";
import { quote, type Contradiction, type Path } from "./problem.ts";

/** The part of `findContradictions` that is about scaling. */
export function* checkScaling({
  scaling: { metric, target, schedules },
  instances,
}: Pick<Config, "instances" | "scaling">): Iterable<Contradiction> {
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

function* checkSchedule(
  { cron, timeZone, min }: Schedule,
  path: Path,
  max: number,
): Iterable<Contradiction> {
  const problem = cronProblem(cron);
  if (problem !== null) {
    const found = problem === "never" ? "a time that never comes" : "no cron";
    yield {
      paths: [[...path, "cron"]],
      found: cron === "" ? "nothing" : `${quote(cron)}, ${found}`,
      allowed: cronAllowed,
    };
  }
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

const units = {
  requests: "requests a minute, such as 600",
  cpu: "per cent of the processors, such as 60",
} as const;
