import { expect, test } from "vitest";
import { vcpuQuota, vpcQuota } from "../aws/account/quotas.ts";
import { judgeQuota } from "./judge-quotas.ts";

const standard = vcpuQuota("t3.small") ?? vpcQuota;

test("a new account has room for up, but not for the release after it", () => {
  // Two t3.small have 4 vCPUs, and a new account may run 5.
  const found = judgeQuota({ quota: standard, value: 5, used: 0, up: 4, release: 4 });
  expect(found).toMatchObject({
    state: "warning",
    detail: "0 of 5 in use, and a release needs 8 more",
  });
  expect(found.next).toContain("--quota-code L-1216C47A --desired-value 8");
  expect(found.next).toContain("release.strategy: rolling");
});

test("no room for up is a failure, and the next step asks for enough", () => {
  const found = judgeQuota({ quota: vpcQuota, value: 5, used: 5, up: 1, release: 0 });
  expect(found).toMatchObject({ state: "failed", detail: "5 of 5 in use, and up needs 1 more" });
  expect(found.next).toBe(
    "aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 6",
  );
});

test("exactly enough is enough", () => {
  expect(judgeQuota({ quota: standard, value: 8, used: 0, up: 4, release: 4 })).toMatchObject({
    state: "ok",
    next: null,
  });
});

test("a stack that runs needs room for a release only", () => {
  expect(judgeQuota({ quota: standard, value: 5, used: 4, up: 0, release: 4 }).state).toBe(
    "warning",
  );
});

test("a quota that Service Quotas does not list is unknown", () => {
  const found = judgeQuota({ quota: standard, value: undefined, used: 0, up: 4, release: 4 });
  expect(found).toMatchObject({ state: "unknown", next: null });
});

test.each([
  ["t3.small", "L-1216C47A"],
  ["c7g.large", "L-1216C47A"],
  ["m7i-flex.large", "L-1216C47A"],
  ["g6.xlarge", "L-DB2E81BA"],
  ["p5.48xlarge", "L-417A185B"],
  ["inf2.xlarge", "L-1945791B"],
  ["x2idn.16xlarge", "L-7295265B"],
])("%s counts against %s", (type, code) => {
  expect(vcpuQuota(type)?.code).toBe(code);
});
