import { expect, test } from "vitest";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { release, snapshot, stackRecord } from "../../test/_helpers/rollout-values.ts";
import { statusDocument } from "../views/status/status.ts";
import type { JournalDocument } from "../state/journal.ts";
import { makePage, type PageSources } from "./make-page.ts";

const now = new Date("2026-01-01T00:01:04.000Z");
const seconds = now.getTime() / 1000;
const range = { start: seconds - 3604, end: seconds - 4, period: 60 };
const journal: JournalDocument = {
  schema_version: 1,
  release: 8,
  plan: plan({ startAlarms: ["green-unhealthy"] }),
  step: "wait",
  phase: "begun",
  at: "2026-01-01T00:01:00.000Z",
  outcome: null,
};
const good = release({ outcome: "succeeded", finished: "2026-01-01T00:00:40.000Z" });
const current = release({ release: 8, version: "v8", colour: "green", deployment: 8 });

function page(changes: Partial<PageSources> = {}) {
  const seen = snapshot({
    releases: [current, good],
    weights: { blue: 100, green: 0 },
    alarms: [
      { name: "green-unhealthy", state: "ALARM", reason: "1 of 1" },
      { name: "blue-errors", state: "OK", reason: "" },
    ],
  });
  const holder = { name: "ada@laptop", state: "alive" } as const;
  const document = statusDocument(stackRecord(), seen, journal, holder);
  return makePage({
    status: { document, snapshot: seen, journal, now, milliseconds: 12 },
    releases: [current, good],
    values: new Map(),
    ...{ range, seen: [], cost: null, warnings: [] },
    ...changes,
  });
}

test("the release in progress, with the alarm that its starting instances set off", () => {
  const { rollout, sight, alarms } = page();
  expect(rollout).toMatchObject({ release: 8, version: "v8", step: "wait", state: "running" });
  expect(sight.colours.map(({ version }) => version)).toEqual(["v7", "v8"]);
  expect(alarms).toEqual([
    { name: "green-unhealthy", state: "ALARM", reason: "1 of 1", isExpected: true },
    { name: "blue-errors", state: "OK", reason: "", isExpected: false },
  ]);
});

test("only a release that succeeded, or did before its rollback, has served", () => {
  const ended = { outcome: "rolled-back", finished: "2026-01-01T00:00:40.000Z" } as const;
  const releases = [
    release({ release: 3, ...ended, taken_back_by: 4 }),
    release({ release: 2, ...ended, taken_back_by: null }),
    good,
  ];
  expect(page({ releases }).releases.map(({ hasServed }) => hasServed)).toEqual([
    true,
    false,
    true,
  ]);
});

test("the axis of a young stack begins shortly before its first release, ten minutes ago at the latest", () => {
  const first = (minutesAgo: number) =>
    page({
      releases: [
        release({
          release: 1,
          created: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
        }),
      ],
    }).charts.from;
  expect(first(20)).toBe(seconds - 21 * 60);
  expect(first(2)).toBe(seconds - 600);
  expect(first(600)).toBe(range.start);
  expect(page().charts.from).toBe(range.start);
});

test("what the page shows elsewhere is not among the facts", () => {
  const labels = page({ warnings: ["x"] }).facts.map(({ label }) => label);
  expect(labels).toContain("address");
  expect(labels).not.toEqual(expect.arrayContaining(["service"]));
  expect(labels).not.toEqual(expect.arrayContaining(["progress"]));
  expect(page({ warnings: ["x"] }).warnings).toEqual(["x"]);
});
