import { expect, test } from "vitest";
import {
  agent,
  instance,
  release,
  snapshot,
  stackRecord,
} from "../../test/_helpers/rollout-values.ts";
import { statusText } from "./status/status-text.ts";
import { statusDocument } from "./status/status.ts";
import { upDocument, upText } from "./up.ts";

const good = release({ outcome: "succeeded" });
const now = new Date("2026-01-01T00:01:30.000Z");

test("the status screen shows what runs where, and since when", () => {
  const serving = instance({
    id: "i-9",
    targetHealth: "healthy",
    agent: agent({ state: "healthy" }),
  });
  const alarms = [{ name: "app-errors", state: "ALARM", reason: "" }];
  const text = statusText(
    statusDocument(stackRecord(), snapshot({ releases: [good], instances: [serving], alarms })),
    now,
  );
  expect(text).toContain("http://app.example  healthy: GET /version answered 200");
  expect(text).toContain("v7 on blue, weight 100");
  expect(text).toContain("release   7 (v7) succeeded 1 min 30 s ago by ada@laptop");
  expect(text).toContain("i-9  eu-west-1a  blue  v7  healthy  target healthy");
  expect(text).toContain("alarms    1, 1 in ALARM\n    app-errors  ALARM");
});

test("the status screen of a stack without a release", () => {
  const text = statusText(statusDocument(stackRecord(), snapshot()), now);
  expect(text).toContain("NOT HEALTHY");
  expect(text).toContain("no release has succeeded yet");
});

test("up prints the address alone on its first line", () => {
  const document = upDocument(stackRecord(), good, {
    changed: false,
    sourcesChanged: true,
    changedSettings: [],
  });
  expect(upText(document).split("\n")).toEqual([
    "http://app.example",
    "app (production) is up to date: version v7",
    "The address is HTTP only; domain and zone in infer-deploy.yml turn HTTPS on, or https: cloudfront without a domain.",
    expect.stringContaining("sources have changed"),
    "",
  ]);
});

test.each([
  ["everyone", ["0.0.0.0/0"], true],
  ["an office", ["192.0.2.0/24"], false],
])("up warns of an address that is open to the world: %s", (_, allow, isOpen) => {
  const facts = { changed: true, sourcesChanged: false, changedSettings: [] };
  const document = upDocument({ ...stackRecord(), allow }, good, facts);
  expect(document.open_to).toEqual(allow);
  expect(upText(document).includes("open to the world; with a load balancer, network.allow")).toBe(
    isOpen,
  );
  const keyed = upDocument({ ...stackRecord(), allow, key_group: "arn" }, good, facts);
  expect(upText(keyed)).not.toContain("open to the world");
  expect(upText(keyed)).toContain("infer-deploy keys show");
});

test("up and status print the roles that a workflow names", () => {
  const { outputs, ...rest } = stackRecord();
  const github_role_arns = { plan: "arn:plan", release: "arn:release" };
  const stack = { ...rest, outputs: { ...outputs, github_role_arns } };
  const facts = { changed: true, sourcesChanged: false, changedSettings: [] };
  const up = upDocument(stack, good, facts);
  expect(up.github_roles).toEqual(github_role_arns);
  expect(upText(up)).toContain("GitHub workflows release with the role arn:release\n");
  const status = statusDocument(stack, snapshot());
  expect(status.github_roles).toEqual(github_role_arns);
  expect(statusText(status, now)).toContain("    release  arn:release\n    plan     arn:plan\n");
  expect(statusDocument(stackRecord(), snapshot()).github_roles).toBeNull();
  expect(statusText(statusDocument(stackRecord(), snapshot()), now)).not.toContain("GitHub");
});

test("up names the settings that the running version does not have yet", () => {
  const document = upDocument(stackRecord(), good, {
    changed: false,
    sourcesChanged: false,
    changedSettings: ["env", "instances.memory"],
  });
  expect(document).toMatchObject({
    settings_changed: true,
    changed_settings: ["env", "instances.memory"],
  });
  expect(upText(document)).not.toContain("up to date");
  expect(upText(document)).toContain("env, instances.memory. infer-deploy release applies them");
});
