import { expect, test } from "vitest";
import {
  applyArgs,
  forceUnlockArgs,
  initArgs,
  planArgs,
  showPlanArgs,
  statePushArgs,
} from "./terraform-argv.ts";

test("init", () => {
  expect(initArgs()).toEqual(["init", "-input=false", "-json", "-reconfigure"]);
  expect(initArgs({ cloud: true })).toEqual(["init", "-input=false", "-json"]);
  expect(initArgs({ upgrade: true, backendConfig: { bucket: "a b", key: "x=y" } })).toEqual([
    "init",
    "-input=false",
    "-json",
    "-reconfigure",
    "-upgrade",
    "-backend-config=bucket=a b",
    "-backend-config=key=x=y",
  ]);
});

test("plan", () => {
  expect(planArgs({ planFile: "/w/up.tfplan" })).toEqual([
    "plan",
    "-input=false",
    "-json",
    "-detailed-exitcode",
    "-out=/w/up.tfplan",
  ]);
  expect(planArgs({ planFile: "/w/p", lock: false })).toContain("-lock=false");
  expect(
    planArgs({
      planFile: "/w/p",
      destroy: true,
      refresh: false,
      lockTimeoutSeconds: 30,
      extra: ["-target=aws_vpc.this"],
    }),
  ).toEqual([
    "plan",
    "-input=false",
    "-json",
    "-detailed-exitcode",
    "-out=/w/p",
    "-destroy",
    "-refresh=false",
    "-lock-timeout=30s",
    "-target=aws_vpc.this",
  ]);
});

test("apply takes a saved plan only, so it never asks", () => {
  expect(applyArgs("/w/up.tfplan")).toEqual(["apply", "-input=false", "-json", "/w/up.tfplan"]);
  expect(applyArgs("/w/up.tfplan", 5)).toEqual([
    "apply",
    "-input=false",
    "-json",
    "-lock-timeout=5s",
    "/w/up.tfplan",
  ]);
});

test("state, show and force-unlock", () => {
  expect(showPlanArgs("/w/p")).toEqual(["show", "-json", "/w/p"]);
  expect(statePushArgs("/w/errored.tfstate", 0)).toEqual(["state", "push", "/w/errored.tfstate"]);
  expect(forceUnlockArgs("abc")).toEqual(["force-unlock", "-force", "abc"]);
});
