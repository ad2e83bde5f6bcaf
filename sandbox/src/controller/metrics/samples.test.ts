import { expect, test } from "vitest";
import type { RequestSample } from "./log-line.ts";
import { collectData, countValues } from "./publish.ts";
import { SampleStore } from "./samples.ts";

const good: RequestSample = {
  at: 100.2,
  loadBalancer: "app/web/1",
  targetGroup: "targetgroup/blue/1",
  status: 200,
  routed: true,
  fromTarget: true,
  targetSeconds: 0.03,
  connectFailed: false,
};

test("a request counts for its load balancer and for its target group", () => {
  const store = new SampleStore();
  store.addRequest(good);
  for (const targetGroup of [null, "targetgroup/blue/1"]) {
    const key = { loadBalancer: "app/web/1", targetGroup };
    expect(store.between({ ...key, metric: "RequestCount" }, 100, 101)).toEqual([1]);
    expect(store.between({ ...key, metric: "HTTPCode_Target_2XX_Count" }, 100, 101)).toEqual([1]);
    expect(store.between({ ...key, metric: "TargetResponseTime" }, 100, 101)).toEqual([0.03]);
  }
});

test("an answer of the load balancer itself has its own count and no response time", () => {
  const store = new SampleStore();
  store.addRequest({ ...good, status: 503, routed: false, fromTarget: false, targetSeconds: null });
  expect(store.keys()).toEqual([
    { metric: "HTTPCode_ELB_5XX_Count", loadBalancer: "app/web/1", targetGroup: null },
  ]);
  store.addRequest({ ...good, status: 504, fromTarget: false, targetSeconds: null });
  expect(
    store.keys().map(({ metric, targetGroup }) => `${metric} ${targetGroup ?? "all"}`),
  ).toEqual(["HTTPCode_ELB_5XX_Count all", "RequestCount all", "RequestCount targetgroup/blue/1"]);
});

test("a connection that failed counts as AWS counts it", () => {
  const store = new SampleStore();
  const failed = { status: 503, fromTarget: false, targetSeconds: null, connectFailed: true };
  store.addRequest({ ...good, ...failed });
  const key = { loadBalancer: "app/web/1", metric: "TargetConnectionErrorCount" };
  expect(store.between({ ...key, targetGroup: null }, 100, 101)).toEqual([1]);
  expect(store.between({ ...key, targetGroup: "targetgroup/blue/1" }, 100, 101)).toEqual([1]);
});

test("a window includes its first second and excludes its last, in any order of the lines", () => {
  const store = new SampleStore();
  const key = { metric: "m", loadBalancer: "lb", targetGroup: null };
  for (const at of [10.9, 12.1, 11.5, 12.7, 10.1]) store.add(key, at, at);
  expect(store.between(key, 10, 12)).toEqual([10.9, 10.1, 11.5]);
  expect(store.between(key, 12, 13)).toEqual([12.1, 12.7]);
});

test("old values are forgotten, and a metric is forgotten with its last value", () => {
  const store = new SampleStore(60);
  const key = { metric: "m", loadBalancer: "lb", targetGroup: null };
  store.add(key, 10, 1);
  store.add(key, 100, 2);
  store.forget(120);
  expect(store.between(key, 0, 1000)).toEqual([2]);
  store.forget(1000);
  expect(store.keys()).toEqual([]);
});

test("data is published under AWS's names, each value once with its count", () => {
  const store = new SampleStore();
  store.addRequest(good);
  store.addRequest({ ...good, targetSeconds: 0.05 });
  store.addRequest(good);
  const data = collectData(store, new Set(["app/web/1"]), 100, 105);
  expect(data).toContainEqual({
    MetricName: "TargetResponseTime",
    Dimensions: [
      { Name: "LoadBalancer", Value: "app/web/1" },
      { Name: "TargetGroup", Value: "targetgroup/blue/1" },
    ],
    Timestamp: new Date(100_000),
    Unit: "Seconds",
    Values: [0.03, 0.05],
    Counts: [2, 1],
  });
  expect(collectData(store, new Set(["app/other/1"]), 100, 105)).toEqual([]);
  expect(collectData(store, new Set(["app/web/1"]), 105, 110)).toEqual([]);
});

test("more values than AWS accepts are merged, and keep their sum and their number", () => {
  const values = Array.from({ length: 1000 }, (_, index) => index / 1000);
  const { Values, Counts } = countValues(values);
  expect(Values.length).toBeLessThanOrEqual(150);
  expect(Counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  const total = Values.reduce((sum, value, index) => sum + value * (Counts[index] ?? 0), 0);
  expect(total).toBeCloseTo(499.5, 6);
});
