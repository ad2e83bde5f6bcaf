import { expect, test } from "vitest";
import { readConditions } from "./conditions.ts";

test("without weather nothing is changed", () => {
  expect(readConditions({})).toEqual({
    metricDelaySeconds: null,
    bootSeconds: 0,
    keepsConnections: false,
    updateAgeSeconds: null,
    reloadAgeSeconds: null,
    gpuLossAgeSeconds: null,
    firstFailures: [],
    authority: {
      down: false,
      busySeconds: null,
      certificateSeconds: 0,
      badNoncePercent: 0,
      slowSeconds: 0,
    },
  });
});

test("each condition with its value, in seconds", () => {
  const weather = {
    "slow-metrics": "2m",
    "slow-boot": "90",
    "keep-alive": true,
    "self-update": "1h",
    "daemon-reload": "30s",
    "gpu-lost": "2m",
    "flaky-instance": "any",
    "stale-tags": "20m",
    "authority-down": true,
    "authority-busy": "1m",
    "short-certificates": "2m",
    "bad-nonces": "30",
    "slow-validation": "15s",
  } as const;
  expect(readConditions(weather)).toEqual({
    metricDelaySeconds: 120,
    bootSeconds: 90,
    keepsConnections: true,
    updateAgeSeconds: 3600,
    reloadAgeSeconds: 30,
    gpuLossAgeSeconds: 120,
    firstFailures: ["dns", "registry", "s3"],
    authority: {
      down: true,
      busySeconds: 60,
      certificateSeconds: 120,
      badNoncePercent: 30,
      slowSeconds: 15,
    },
  });
});

test("one kind of failure for every instance", () => {
  expect(readConditions({ "flaky-instance": "dns" }).firstFailures).toEqual(["dns"]);
});
