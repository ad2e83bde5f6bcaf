import { expect, test } from "vitest";
import type { ScalingGroupView, TargetGroupView } from "../observe/region-view.ts";
import { planReplacements } from "./replacements.ts";

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
const targets = [
  { instance: "i-sick", port: 80, state: "unhealthy" },
  { instance: "i-new", port: 80, state: "initial" },
  { instance: "i-well", port: 80, state: "healthy" },
];
const targetGroup: TargetGroupView = {
  arn: "arn",
  name: "targetgroup/blue/1",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  leastOutstanding: false,
  health,
  targets,
};
const group: ScalingGroupView = {
  name: "blue",
  region: "us-east-1",
  checksLoadBalancer: true,
  targetGroupArns: ["arn"],
  healthyMembers: ["i-sick", "i-new", "i-well"],
  min: 0,
  max: 4,
  desired: 1,
  warmup: 60,
  suspended: new Set<string>(),
};

test("a group that uses the load balancer's health replaces unhealthy members", () => {
  expect(planReplacements([group], [targetGroup])).toEqual([
    { region: "us-east-1", group: "blue", instance: "i-sick" },
  ]);
});

test.each([
  ["does not use it", { checksLoadBalancer: false }],
  ["is not attached to that target group", { targetGroupArns: ["other"] }],
  ["is already replacing the member", { healthyMembers: ["i-new", "i-well"] }],
])("a group that %s replaces none", (_, change) => {
  expect(planReplacements([{ ...group, ...change }], [targetGroup])).toEqual([]);
});
