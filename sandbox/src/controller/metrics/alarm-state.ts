export interface AlarmView {
  readonly name: string;
  /** Sum, Average, p99 and so on; null for metric math. */
  readonly statistic: string | null;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: string;
  readonly threshold: number;
  readonly treatMissing: string;
  /** EvaluateLowSampleCountPercentile is "ignore". */
  readonly ignoreLowSamples: boolean;
  readonly state: AlarmState;
}

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** The statistic of one period and the number of its values; undefined when there were none. */
export type Datapoint = { readonly value: number; readonly samples: number } | undefined;

export interface Observation {
  /** One for each evaluation period, newest first. Periods are aligned to the clock, as on AWS. */
  readonly complete: readonly Datapoint[];
  /** The period in progress. */
  readonly current: Datapoint;
}

export interface AlarmVerdict {
  readonly state: AlarmState;
  readonly reason: string;
}

/**
 * An alarm's new state; undefined when it does not change. The rules are those of "Using Amazon CloudWatch alarms", with two differences.
 * A period counts before its end when later values cannot undo its breach. AWS may look further back than the
 * evaluation periods for datapoints, and so may leave a state later.
 */
export function evaluateAlarm(
  alarm: AlarmView,
  { complete, current }: Observation,
): AlarmVerdict | undefined {
  if (alarm.ignoreLowSamples && hasFewSamples(alarm, complete)) return undefined;
  const early =
    current !== undefined && isFinal(alarm)
      ? judge(alarm, [current, ...complete.slice(0, -1)])
      : undefined;
  const verdict = early?.state === "ALARM" ? early : judge(alarm, complete);
  return verdict === undefined || verdict.state === alarm.state ? undefined : verdict;
}

/** Whether a period that breaches now is certain to breach at its end. */
function isFinal({ statistic, comparison }: AlarmView): boolean {
  return comparison.startsWith("Greater") ? rising.has(statistic ?? "") : statistic === "Minimum";
}

/** AWS: fewer than 10/(1-p) values, or 10/p below the median, are too few for a percentile. */
function hasFewSamples({ statistic }: AlarmView, complete: readonly Datapoint[]): boolean {
  const percent = /^p([\d.]+)$/.exec(statistic ?? "")?.[1];
  const samples = complete.reduce((sum, point) => sum + (point?.samples ?? 0), 0);
  if (percent === undefined || samples === 0) return false;
  const rank = Number(percent) / 100;
  return samples < 10 / (rank < 0.5 ? rank : 1 - rank);
}

function judge(alarm: AlarmView, datapoints: readonly Datapoint[]): AlarmVerdict | undefined {
  const compare = comparisons[alarm.comparison];
  if (compare === undefined) return undefined;
  const filled = datapoints.map((point) =>
    point === undefined ? fillers[alarm.treatMissing] : compare.test(point.value, alarm.threshold),
  );
  const present = filled.filter((one) => one !== undefined);
  if (present.length === 0) {
    if (alarm.treatMissing === "ignore") return undefined;
    return {
      state: "INSUFFICIENT_DATA",
      reason: `Insufficient Data: ${alarm.evaluationPeriods} datapoint(s) were unknown.`,
    };
  }
  const breaching = present.filter(Boolean).length;
  const state =
    breaching >= alarm.datapointsToAlarm || isOldAndUnbroken(alarm, filled) ? "ALARM" : "OK";
  return {
    state,
    reason: explain(
      alarm,
      state,
      `${breaching} of the last ${datapoints.length} datapoint(s)`,
      compare.words,
      datapoints,
    ),
  };
}

/**
 * When missing data is treated as missing, AWS raises an alarm on fewer datapoints if the oldest breaching one is at least
 * DatapointsToAlarm periods old and no later one was good.
 */
function isOldAndUnbroken(alarm: AlarmView, filled: readonly (boolean | undefined)[]): boolean {
  if (alarm.treatMissing !== "missing") return false;
  const oldest = filled.lastIndexOf(true);
  return oldest >= alarm.datapointsToAlarm - 1 && !filled.slice(0, oldest).includes(false);
}

function explain(
  alarm: AlarmView,
  state: AlarmState,
  counted: string,
  words: string,
  datapoints: readonly Datapoint[],
): string {
  const known = datapoints.filter((point) => point !== undefined);
  const shown = known.map(({ value }) => String(Number(value.toPrecision(6)))).join(", ");
  const missing = datapoints.length - known.length;
  const treated = missing === 0 ? "" : ` ${missing} missing, treated as ${alarm.treatMissing}.`;
  return `Threshold ${state === "ALARM" ? "Crossed" : "Not Crossed"}: ${counted} [${shown}] (${alarm.statistic ?? "expression"} over ${alarm.periodSeconds} s) ${words} the threshold (${alarm.threshold}); ${alarm.datapointsToAlarm} needed for ALARM.${treated}`;
}

const rising = new Set(["Sum", "SampleCount", "Maximum"]);

const fillers: Readonly<Record<string, boolean>> = { breaching: true, notBreaching: false };

const comparisons: Readonly<
  Record<
    string,
    { readonly words: string; readonly test: (value: number, threshold: number) => boolean }
  >
> = {
  GreaterThanThreshold: { words: "greater than", test: (value, threshold) => value > threshold },
  GreaterThanOrEqualToThreshold: {
    words: "greater than or equal to",
    test: (value, threshold) => value >= threshold,
  },
  LessThanThreshold: { words: "less than", test: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: {
    words: "less than or equal to",
    test: (value, threshold) => value <= threshold,
  },
};
