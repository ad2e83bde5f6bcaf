import { expect, test } from "vitest";
import { observeStore, periodStarts } from "./datapoints.ts";
import { SampleStore } from "./samples.ts";

test("periods start at multiples of their length, as on AWS", () => {
  expect(periodStarts({ periodSeconds: 60, periods: 2, now: 600 })).toEqual([600, 540, 480]);
  expect(periodStarts({ periodSeconds: 60, periods: 2, now: 659 })).toEqual([600, 540, 480]);
});

test("every value belongs to one period: a short event cannot breach two", () => {
  const key = { metric: "UnHealthyHostCount", loadBalancer: "lb", targetGroup: "tg" };
  const store = new SampleStore();
  for (const at of [541, 545, 599, 600]) store.add(key, at, 1);
  expect(observeStore(store, key, "Sum", { periodSeconds: 60, periods: 2, now: 630 })).toEqual({
    current: { value: 1, samples: 1 },
    complete: [{ value: 3, samples: 3 }, undefined],
  });
});
