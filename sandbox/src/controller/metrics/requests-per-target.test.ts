import { expect, test } from "vitest";
import { requestsPerTarget } from "./requests-per-target.ts";
import { SampleStore } from "./samples.ts";

const key = {
  metric: "RequestCountPerTarget",
  loadBalancer: "app/a/1",
  targetGroup: "targetgroup/blue/2",
};

test("a group's requests are shared by its healthy targets; an idle group has none, an empty one no value", () => {
  const store = new SampleStore();
  expect(requestsPerTarget(store, key, 0, 60)).toBeUndefined();
  store.add({ ...key, metric: "HealthyHostCount" }, 5, 2);
  expect(requestsPerTarget(store, key, 0, 60)).toBe(0);
  for (let at = 0; at < 30; at += 1) store.add({ ...key, metric: "RequestCount" }, at, 1);
  expect(requestsPerTarget(store, key, 0, 60)).toBe(15);
});
