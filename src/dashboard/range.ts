import type { MetricRange } from "../aws/metrics/read-series.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** The last `seconds` before `now` (seconds since 1970), in whole periods. The period in progress is left out: its sums are not whole. */
export function lastPeriods(seconds: number, now: number): MetricRange {
  const period = periods.find((one) => seconds / one <= mostPoints) ?? longest;
  const end = Math.floor(now / period) * period;
  return { start: end - Math.ceil(seconds / period) * period, end, period };
}

/** Throws CommandError (64) where charts cannot reach back so far. CloudWatch keeps points of a minute for 15 days (GetMetricData). */
export function checkReach(seconds: number): void {
  if (seconds >= fewest && seconds <= most) return;
  throw new CommandError("--since must be between 10m and 360h.", {
    exitCode: exitCodes.usage,
    where: "--since",
    next: "infer-deploy dashboard --since 6h",
  });
}

const fewest = 600;
const most = 15 * 24 * 3600;
const mostPoints = 360;
const longest = 3600;
const periods = [60, 300, 900, longest];
