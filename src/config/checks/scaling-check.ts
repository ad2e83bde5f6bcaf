import type { Config } from "../schema/config.ts";
import type { Contradiction } from "./problem.ts";

/** The part of `findContradictions` that is about scaling. */
export function* checkScaling({
  scaling: { metric, target },
}: Pick<Config, "scaling">): Iterable<Contradiction> {
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

const units = {
  requests: "requests a minute, such as 600",
  cpu: "per cent of the processors, such as 60",
} as const;
