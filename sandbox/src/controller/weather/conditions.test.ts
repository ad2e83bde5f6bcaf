import { expect, test } from "vitest";
import { readConditions } from "./conditions.ts";

test("without weather nothing is changed", () => {
  expect(readConditions({})).toEqual({
    metricDelaySeconds: null,
    bootSeconds: 0,
    keepsConnections: false,
    updateAgeSeconds: null,
    firstFailures: [],
  });
});

test("each condition with its value, in seconds", () => {
  const weather = {
    "slow-metrics": "2m",
    "slow-boot": "90",
    "keep-alive": true,
    "self-update": "1h",
    "flaky-instance": "any",
    "stale-tags": "20m",
  } as const;
  expect(readConditions(weather)).toEqual({
    metricDelaySeconds: 120,
    bootSeconds: 90,
    keepsConnections: true,
    updateAgeSeconds: 3600,
    firstFailures: ["dns", "registry", "s3"],
  });
});

test("one kind of failure for every instance", () => {
  expect(readConditions({ "flaky-instance": "dns" }).firstFailures).toEqual(["dns"]);
});
