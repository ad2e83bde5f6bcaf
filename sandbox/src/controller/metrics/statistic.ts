/**
 * A CloudWatch statistic (Sum, Average, Minimum, Maximum, SampleCount, p0 to p100) of values; undefined without values and for
 * any other statistic.
 */
export function statistic(name: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const percentile = /^p(\d{1,3}(?:\.\d+)?)$/.exec(name)?.[1];
  if (percentile !== undefined) return percentileOf(Number(percentile), values);
  return simple[name]?.(values);
}

/** Linear interpolation between the two nearest ranks. */
function percentileOf(percent: number, values: readonly number[]): number | undefined {
  if (percent > 100) return undefined;
  const sorted = Float64Array.from(values).toSorted();
  const rank = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const simple: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: sum,
  Average: (values) => sum(values) / values.length,
  // Not Math.min(...values): a busy hour has more values than a function call accepts arguments.
  Minimum: (values) => values.reduce((least, value) => Math.min(least, value)),
  Maximum: (values) => values.reduce((most, value) => Math.max(most, value)),
  SampleCount: (values) => values.length,
};
