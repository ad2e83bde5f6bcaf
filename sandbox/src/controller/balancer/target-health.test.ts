import { expect, test } from "vitest";
import type { TargetGroupView } from "../observe/region-view.ts";
import { judgeTargets } from "./target-health.ts";
import type { ServerRow } from "./haproxy-stat.ts";

const group: TargetGroupView = {
  arn: "arn",
  name: "targetgroup/blue/1",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  leastOutstanding: false,
  health: {
    protocol: "HTTP",
    path: "/",
    port: "traffic-port",
    matcher: "200",
    intervalSeconds: 5,
    timeoutSeconds: 2,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  },
  targets: [],
};
const row: ServerRow = {
  backend: "targetgroup:blue:1",
  name: "i-1.80",
  status: "down",
  check: "L7STS",
  checkCode: "503",
  sinceChange: 30,
  sessions: 0,
};
const initial = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};

test("a target that passes its checks is healthy", () => {
  expect(judge("initial", { status: "up" })).toEqual({ state: "healthy" });
});

test("a new target is initial until its checks have had time to fail", () => {
  expect(judge("initial", { sinceChange: 9 })).toEqual(initial);
  expect(judge("initial", { sinceChange: 10 })).toMatchObject({ state: "unhealthy" });
});

test("a new target stays initial until its first check has a result", () => {
  expect(judge("initial", { check: "INI", sinceChange: 600 })).toEqual(initial);
});

test("a target that was healthy and goes down is unhealthy at once", () => {
  expect(judge("healthy", { sinceChange: 0 })).toMatchObject({ state: "unhealthy" });
});

test.each([
  ["L7STS", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
  ["L7TOUT", "Target.Timeout", "Request timed out"],
  ["L4TOUT", "Target.Timeout", "Request timed out"],
  ["L4CON", "Target.FailedHealthChecks", "Health checks failed"],
])("%s is %s", (check, reason, description) => {
  expect(judge("unhealthy", { check })).toEqual({ state: "unhealthy", reason, description });
});

test("targets that drain, are unused or are not in the load balancer yet are left out", () => {
  const targets = ["draining", "unused", "initial"].map((state, index) => ({
    instance: `i-${index + 1}`,
    port: 80,
    state,
  }));
  expect(judgeTargets([{ ...group, targets }], [row, { ...row, name: "i-2.80" }])).toEqual({
    arn: {},
  });
});

function judge(state: string, change: Partial<ServerRow>): unknown {
  const targets = [{ instance: "i-1", port: 80, state }];
  return judgeTargets([{ ...group, targets }], [{ ...row, ...change }])["arn"]?.["i-1"];
}
