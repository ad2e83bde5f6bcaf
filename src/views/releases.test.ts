import { expect, test } from "vitest";
import { plan, rollingPlan } from "../../test/_helpers/rollout-plans.ts";
import { release, stackRecord } from "../../test/_helpers/rollout-values.ts";
import { dryRunText } from "./dry-run.ts";
import type { RolloutPlan } from "../state/rollout-plan.ts";
import { strategies } from "../release/strategy/strategies.ts";
import { releaseDocument, releaseText } from "./release.ts";
import { releasesDocument, releasesText } from "./releases.ts";

const now = new Date("2026-01-01T00:10:00.000Z");
const describe = (one: RolloutPlan) => strategies[one.strategy].describe(one);
const good = release({
  outcome: "succeeded",
  finished: "2026-01-01T00:00:42.000Z",
  replaces: { release: 6, version: "v6" },
  digest: "sha256:0123456789abcdef",
});

test("the history is a table with the time, the duration, the outcome, the user and the reason", () => {
  const taken = release({
    release: 6,
    version: "v6",
    outcome: "rolled-back",
    message: "new tokenizer",
    reason: "the alarm errors went off",
  });
  const text = releasesText(releasesDocument(stackRecord(), [good, taken]), now);
  expect(text.split("\n")).toEqual([
    "#  version  digest        when        took  outcome      who         message",
    "7  v7       0123456789ab  10 min ago  42 s  succeeded    ada@laptop",
    "6  v6       77            10 min ago  -     rolled-back  ada@laptop  new tokenizer; the alarm errors went off",
    "",
  ]);
  expect(releasesText(releasesDocument(stackRecord(), []), now)).toBe("No releases yet.\n");
});

test("the release screen names the serving version, the one before it, and the duration", () => {
  expect(
    releaseText(releaseDocument(stackRecord(), { record: good, changed: true, left: [] })),
  ).toBe(
    "http://app.example\napp (production) now serves v7 (release 7, replaces v6). It took 42.0 s.\n",
  );
  expect(
    releaseText(releaseDocument(stackRecord(), { record: good, changed: false, left: [] })),
  ).toContain("Nothing to do");
});

test("the document of a release that was rolled back names the serving version", () => {
  const back = { ...good, outcome: "rolled-back" as const };
  expect(releaseDocument(stackRecord(), { record: back, changed: true, left: [] })).toMatchObject({
    version: "v7",
    serving: "v6",
  });
});

test("a dry run lists the steps, the alarms and the objections", () => {
  const document = {
    schema_version: 1,
    name: "app",
    environment: "production",
    region: "eu-west-1",
    release: 8,
    version: "v8",
    digest: null,
    serving: "v7",
    strategy: "blue-green",
    strategy_reason: null,
    alarms: ["errors"],
    steps: describe(plan()),
    objections: [{ what: "the alarm errors is already on", next: "wait" }],
    warnings: ["release.bake is short"],
  } as const;
  const text = dryRunText(document);
  expect(text).toContain("  1. start 2 instances of v8 on green");
  expect(text).toContain("give v8 all traffic, and watch it for 10 s");
  expect(text).toContain("keep v7 warm on blue for 10 min");
  expect(text).toContain("\n! release.bake is short\n");
  expect(text).toContain(
    "It would be refused now:\n  the alarm errors is already on\n    next: wait",
  );
  expect(dryRunText({ ...document, steps: [], objections: [] })).toContain("change nothing");
});

test("the steps of rolling say what happens to the instances", () => {
  expect(describe(rollingPlan())[0]).toContain(
    "take the 2 instances of blue out of traffic 1 at a time",
  );
});
