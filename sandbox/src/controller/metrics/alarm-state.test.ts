import fc from "fast-check";
import { expect, test } from "vitest";
import { type AlarmView, evaluateAlarm, type Observation } from "./alarm-state.ts";

const alarm: AlarmView = {
  name: "errors",
  statistic: "Average",
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  comparison: "GreaterThanThreshold",
  threshold: 5,
  treatMissing: "missing",
  ignoreLowSamples: false,
  state: "INSUFFICIENT_DATA",
};
const no = undefined;

// Datapoints are newest first; 9 breaches, 1 does not.
test.each([
  // M out of N, nothing missing
  [{}, [9, 9, 1], "ALARM"],
  [{}, [9, 1, 9], "ALARM"],
  [{}, [9, 1, 1], "OK"],
  [{}, [1, 1, 1], "OK"],
  // missing: only present datapoints count
  [{}, [no, no, no], "INSUFFICIENT_DATA"],
  [{}, [1, no, no], "OK"],
  [{}, [9, no, no], "OK"],
  // ... but one breaching datapoint is enough when it is old enough and no good one follows
  [{}, [no, 9, no], "ALARM"],
  [{}, [1, 9, no], "OK"],
  [{ datapointsToAlarm: 3 }, [no, no, 9], "ALARM"],
  // breaching
  [{ treatMissing: "breaching" }, [no, no, no], "ALARM"],
  [{ treatMissing: "breaching" }, [1, no, 1], "OK"],
  [{ treatMissing: "breaching" }, [9, no, 1], "ALARM"],
  // notBreaching
  [{ treatMissing: "notBreaching" }, [no, no, no], "OK"],
  [{ treatMissing: "notBreaching" }, [9, 9, no], "ALARM"],
  [{ treatMissing: "notBreaching" }, [9, no, no], "OK"],
  [{ treatMissing: "notBreaching" }, [no, 9, no], "OK"],
  // ignore: without datapoints the state stays
  [{ treatMissing: "ignore", state: "ALARM" }, [no, no, no], "ALARM"],
  [{ treatMissing: "ignore", state: "ALARM" }, [1, no, no], "OK"],
] as const)("%j with %j is %s", (change, complete, expected) => {
  expect(stateAfter({ ...alarm, ...change }, complete)).toBe(expected);
});

test.each([
  ["GreaterThanThreshold", false, false, true],
  ["GreaterThanOrEqualToThreshold", false, true, true],
  ["LessThanThreshold", true, false, false],
  ["LessThanOrEqualToThreshold", true, true, false],
])("%s", (comparison, below, equal, above) => {
  const one = { ...alarm, comparison, evaluationPeriods: 1, datapointsToAlarm: 1 };
  expect([4, 5, 6].map((value) => stateAfter(one, [value]) === "ALARM")).toEqual([
    below,
    equal,
    above,
  ]);
});

test("an unknown comparison changes nothing", () => {
  expect(stateAfter({ ...alarm, comparison: "LessThanLowerThreshold" }, [9, 9, 9])).toBe(
    "INSUFFICIENT_DATA",
  );
});

test.each([
  ["Sum", "GreaterThanThreshold", "ALARM"],
  ["Maximum", "GreaterThanOrEqualToThreshold", "ALARM"],
  // A small sum may still grow, and an average may still fall.
  ["Sum", "LessThanThreshold", "OK"],
  ["Average", "GreaterThanThreshold", "OK"],
  ["p99", "GreaterThanThreshold", "OK"],
  [null, "GreaterThanThreshold", "OK"],
])("the period in progress of a %s that is %s: %s", (statistic, comparison, expected) => {
  const threshold = 5;
  const [good, bad] = comparison.startsWith("Greater") ? [1, 9] : [9, 1];
  const one: AlarmView = {
    ...alarm,
    statistic,
    comparison,
    threshold,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  };
  expect(stateAfter(one, [good], bad)).toBe(expected);
});

test("a minimum that is already too low raises the alarm at once, and a good period in progress does not end an alarm", () => {
  const one: AlarmView = {
    ...alarm,
    statistic: "Minimum",
    comparison: "LessThanThreshold",
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  };
  expect(stateAfter(one, [9], 1)).toBe("ALARM");
  expect(stateAfter({ ...one, state: "ALARM" }, [1], 9)).toBe("ALARM");
});

test("a period in progress without data is not a missing datapoint", () => {
  const one: AlarmView = {
    ...alarm,
    statistic: "Sum",
    treatMissing: "breaching",
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  };
  expect(stateAfter(one, [1], undefined)).toBe("OK");
});

test.each([
  ["p99", 999, "OK"],
  ["p99", 1000, "ALARM"],
  ["p10", 99, "OK"],
  ["p10", 100, "ALARM"],
  ["Average", 1, "ALARM"],
])(
  "%s of %i values, with few samples ignored, starting from OK: %s",
  (statistic, samples, expected) => {
    const one: AlarmView = {
      ...alarm,
      statistic,
      ignoreLowSamples: true,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      state: "OK",
    };
    const observed: Observation = { current: undefined, complete: [{ value: 9, samples }] };
    expect(evaluateAlarm(one, observed)?.state ?? one.state).toBe(expected);
  },
);

test("an unchanged state is not set again", () => {
  expect(evaluateAlarm({ ...alarm, state: "OK" }, observation([1, 1, 1]))).toBeUndefined();
});

test("the reason contains the numbers", () => {
  expect(evaluateAlarm(alarm, observation([9, 7.25, undefined]))?.reason).toBe(
    "Threshold Crossed: 2 of the last 3 datapoint(s) [9, 7.25] (Average over 60 s) greater than the threshold (5); 2 needed for ALARM. 1 missing, treated as missing.",
  );
});

test("replacing a good datapoint by a breaching one never ends an alarm", () => {
  const point = fc.option(fc.constantFrom(1, 9), { nil: undefined });
  const treat = fc.constantFrom("missing", "breaching", "notBreaching");
  fc.assert(
    fc.property(
      fc.tuple(point, point, point),
      fc.nat(2),
      fc.integer({ min: 1, max: 3 }),
      treat,
      (points, at, datapointsToAlarm, treatMissing) => {
        fc.pre(points[at] === 1);
        const one = { ...alarm, datapointsToAlarm, treatMissing };
        if (stateAfter(one, points) === "ALARM")
          expect(stateAfter(one, points.with(at, 9))).toBe("ALARM");
      },
    ),
  );
});

type Values = readonly (number | undefined)[];

function observation(complete: Values, current?: number): Observation {
  const [running, ...whole] = [current, ...complete].map((value) =>
    value === undefined ? undefined : { value, samples: 5000 },
  );
  return { current: running, complete: whole };
}

function stateAfter(one: AlarmView, complete: Values, current?: number): string {
  return evaluateAlarm(one, observation(complete, current))?.state ?? one.state;
}
