import type { AlarmSnapshot } from "../../aws/alarms/describe-alarms.ts";
import { formatDuration } from "../../config/fields/time/duration.ts";
import type { ReleaseConfig } from "../../config/schema/release.ts";

/**
 * A sentence for each watch that is over before the slowest of the alarms can go off. CloudWatch judges whole periods, and a load balancer's
 * metrics come once a minute and late. A watch of 0s is meant to be none.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function shortWatches(
  alarms: readonly AlarmSnapshot[],
  settings: Pick<ReleaseConfig, "strategy" | "bakeSeconds" | "canary">,
): readonly string[] {
  const [slowest] = alarms.toSorted(
    (one, other) => (other.periodSeconds ?? 0) - (one.periodSeconds ?? 0),
  );
  if (slowest?.periodSeconds === undefined) {
    return [];
  }
  const needed = slowest.periodSeconds + delaySeconds;
  const watches = [
    ["release.bake", settings.bakeSeconds],
    ...(settings.strategy === "canary"
      ? [["release.canary.bake", settings.canary.bakeSeconds] as const]
      : []),
  ] as const;
  return watches
    .filter(([, seconds]) => seconds > 0 && seconds < needed)
    .map(
      ([key, seconds]) =>
        `${key} is ${formatDuration(seconds)}, but the alarm ${slowest.name} needs up to ${formatDuration(needed)} to go off`,
    );
}

/** Until the metrics of a minute are there and the alarm is evaluated again. */
const delaySeconds = 120;
