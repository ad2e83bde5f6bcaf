import { expect, test } from "vitest";
import type { RegionView } from "../observe/region-view.ts";
import { hostCounts } from "./host-counts.ts";

const health = {
  protocol: "HTTP",
  path: "/",
  port: "traffic-port",
  matcher: "200",
  intervalSeconds: 5,
  timeoutSeconds: 2,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};
const targets = ["healthy", "healthy", "unhealthy", "initial", "draining", "unused"].map(
  (state, index) => ({ instance: `i-${index}`, port: 80, state }),
);
const blue = {
  arn: "blue",
  name: "targetgroup/blue/1",
  protocol: "HTTP",
  protocolVersion: "HTTP1" as const,
  leastOutstanding: false,
  health,
  targets,
};
const region: RegionView = {
  region: "us-east-1",
  instances: [],
  listeners: [
    {
      arn: "l",
      loadBalancer: "app/web/1",
      idleSeconds: 60,
      clientSeconds: 3600,
      dropsInvalidHeaders: false,
      responseHeaders: {},
      webAcl: null,
      login: null,
      failsOpen: true,
      protocol: "HTTP",
      port: 80,
      certificateArn: null,
      published: 1,
      fallback: [{ type: "forward", groups: [{ arn: "blue", weight: 0 }] }],
      rules: [],
    },
  ],
  targetGroups: [blue],
};

test("targets count as healthy or unhealthy; new, draining and unused ones count as neither", () => {
  const key = { loadBalancer: "app/web/1", targetGroup: "targetgroup/blue/1" };
  expect(hostCounts([region])).toEqual([
    { key: { ...key, metric: "HealthyHostCount" }, value: 2 },
    { key: { ...key, metric: "UnHealthyHostCount" }, value: 1 },
  ]);
});

test("nothing is reported for a group without targets, or for one that no listener uses", () => {
  expect(hostCounts([{ ...region, targetGroups: [{ ...blue, targets: [] }] }])).toEqual([]);
  expect(hostCounts([{ ...region, listeners: [] }])).toEqual([]);
});
