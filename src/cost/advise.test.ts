import fc from "fast-check";
import { expect, test } from "vitest";
import { advise, type AdvisedSettings, type HourOfUse } from "./advise.ts";

const costs = { stack: 300, instance: 77.21, instanceHour: 0.2037 };
const config = (changes: Partial<AdvisedSettings["instances"]> = {}): AdvisedSettings => ({
  region: "eu-central-1",
  instances: { type: "c7i.xlarge", min: 2, ...changes },
  scaling: { schedules: [] },
});

/** So many days, whose hours have the requests and the CPU of the hour of the day. */
function days(count: number, of: (hour: number) => { requests: number; cpu: number | null }) {
  const begin = Date.parse("2026-11-01T00:00:00Z");
  return Array.from({ length: count * 24 }, (_, index): HourOfUse => {
    return { at: new Date(begin + index * 3_600_000), ...of(index % 24) };
  });
}

const kinds = (...given: Parameters<typeof advise>) => advise(...given).map(({ kind }) => kind);

test("a busy stack needs no advice, and three days of data are the least", () => {
  const busy = days(14, () => ({ requests: 1000, cpu: 65 }));
  expect(advise(busy, config({ min: 4 }), costs)).toEqual([]);
  expect(
    kinds(
      days(2, () => ({ requests: 0, cpu: 1 })),
      config(),
      costs,
    ),
  ).toEqual([]);
});

test("no request at all: the stack is idle, and nothing smaller is proposed", () => {
  const [only, ...others] = advise(
    days(14, () => ({ requests: 0, cpu: 1 })),
    config(),
    costs,
  );
  expect(only).toMatchObject({
    kind: "idle",
    figure: "no request in 14 days",
    saves_usd_per_month: 300,
    config: null,
  });
  expect(others).toEqual([]);
});

test("calm processors: the next smaller type, with what it saves", () => {
  const [only] = advise(
    days(14, () => ({ requests: 10, cpu: 20 })),
    config(),
    costs,
  );
  expect(only).toMatchObject({
    kind: "smaller-type",
    figure: "the processors were 20 % busy in their busiest hour",
    config: "instances:\n  type: c7i.large",
    saves_usd_per_month: 148.7, // 2 * (0.2037 - 0.10185) * 730
  });
});

test("one busy hour in two weeks keeps the type", () => {
  const hours = days(14, () => ({ requests: 10, cpu: 20 }));
  const peak = hours.map((one, index) => (index === 100 ? { ...one, cpu: 80 } : one));
  expect(kinds(peak, config(), costs)).toEqual([]);
});

test("more than two instances with room: one fewer", () => {
  const [only] = advise(
    days(14, () => ({ requests: 10, cpu: 40 })),
    config({ type: "c7i.large", min: 4 }),
    costs,
  );
  expect(only).toMatchObject({
    kind: "fewer-instances",
    advice: "3 instances would have been 53 % busy",
    config: "instances:\n  min: 3",
    saves_usd_per_month: 77.21,
  });
  expect(
    kinds(
      days(14, () => ({ requests: 10, cpu: 40 })),
      config({ type: "c7i.large" }),
      costs,
    ),
  ).toEqual([]);
});

test("quiet nights: a schedule over midnight, unless there is one", () => {
  const nights = days(14, (hour) => ({ requests: hour >= 20 || hour < 6 ? 2 : 100, cpu: 50 }));
  const [only] = advise(nights, config({ min: 3 }), costs);
  expect(only).toMatchObject({
    kind: "schedule",
    figure: "from 20:00 to 06:00 UTC, no hour had more than 2 % of the busiest hour's requests",
    config:
      "scaling:\n  schedules:\n    - { cron: 0 20 * * *, min: 1 }\n    - { cron: 0 6 * * *, min: 3 }",
    saves_usd_per_month: 64.34, // 2 instances * 77.21 * 10 hours / 24
  });
  const schedules = [{ cron: "0 20 * * *", at: null, timeZone: "UTC", min: 1 }];
  expect(kinds(nights, { ...config({ min: 3 }), scaling: { schedules } }, costs)).toEqual([]);
  expect(kinds(nights, config({ min: 1 }), costs)).toEqual([]);
});

test("without prices there is advice and no sum", () => {
  const unknown = { stack: null, instance: null, instanceHour: null };
  const all = [
    ...advise(
      days(14, () => ({ requests: 0, cpu: 1 })),
      config(),
      unknown,
    ),
    ...advise(
      days(14, () => ({ requests: 10, cpu: 20 })),
      config(),
      unknown,
    ),
  ];
  expect(all.map(({ saves_usd_per_month: saves }) => saves)).toEqual([null, null]);
});

test("advice never costs more, and is made once of each kind", () => {
  const hour = fc.record({
    requests: fc.integer({ min: 0, max: 1000 }),
    cpu: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
  });
  fc.assert(
    fc.property(
      fc.array(hour, { minLength: 24, maxLength: 24 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom("t3.small", "c7i.4xlarge", "x9.huge"),
      (day, min, type) => {
        const hours = days(4, (index) => day[index] ?? { requests: 0, cpu: null });
        const found = advise(hours, config({ min, type }), costs);
        expect(new Set(found.map(({ kind }) => kind)).size).toBe(found.length);
        for (const { saves_usd_per_month: saves } of found)
          expect(saves ?? 0).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
