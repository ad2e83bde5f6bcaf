import { expect, test } from "vitest";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import {
  agent,
  instance,
  release,
  snapshot,
  stackRecord,
} from "../../../test/_helpers/rollout-values.ts";
import type { JournalDocument } from "../../state/journal.ts";
import { statusSight } from "./status-sight.ts";
import { statusDocument } from "./status.ts";

const now = new Date("2026-01-01T00:01:04.000Z");
const stages = [10, 100].map((weight) => ({ weight, bakeSeconds: 30 }));
const journal: JournalDocument = {
  schema_version: 1,
  release: 8,
  plan: plan({ stages }),
  step: "bake",
  phase: "begun",
  at: "2026-01-01T00:01:00.000Z",
  outcome: null,
};
const good = release({ outcome: "succeeded" });
const current = release({ release: 8, version: "v8", colour: "green", deployment: 8 });
const answer = { answered: true, version: "v7", detail: "GET /version answered 200" };

function see(open: JournalDocument | undefined, changes: Parameters<typeof snapshot>[0] = {}) {
  const seen = snapshot({ releases: [current, good], address: answer, ...changes });
  const holder = { name: "ada@laptop", state: "alive" } as const;
  const document = statusDocument(stackRecord(), seen, open, holder);
  return statusSight({ document, snapshot: seen, journal: open, now, milliseconds: 12 });
}

test("a release that another process runs is shown as there: shares, and the time left", () => {
  const sight = see(journal, { weights: { blue: 90, green: 10 } });
  expect(sight.colours).toEqual([
    { colour: "blue", version: "v7", weight: 90 },
    { colour: "green", version: "v8", weight: 10 },
  ]);
  expect(sight.stage).toMatchObject({
    share: { number: 1, of: 2 },
    ends: Date.parse("2026-01-01T00:01:30.000Z"),
    deadline: Date.parse(current.created) + 600_000,
  });
  expect(sight.facts.find(({ label }) => label === "progress")?.text).toMatch(
    /^release 8 \(v8\) by ada@laptop, at "bake" for 4\.0 s/,
  );
});

test("a release that has turned back says why", () => {
  const turned = { outcome: "rolled-back", cause: "the container crashes" } as const;
  const { stage } = see({ ...journal, step: "put-back", turned });
  expect(stage).toMatchObject({ deadline: null, trouble: "the container crashes" });
});

test("while nothing moves, each colour that runs something is there, and no stage", () => {
  const idle = instance({ id: "i-2", colour: "green", agent: agent({ release: 6 }) });
  const before = release({ release: 6, version: "v6", colour: "green", deployment: 6 });
  const sight = see(undefined, { releases: [good, before], instances: [instance(), idle] });
  expect(sight.stage).toBeNull();
  expect(sight.colours.map(({ version }) => version)).toEqual(["v7", "v6"]);
  expect(sight.probes).toEqual([
    { at: now.getTime(), good: true, detail: answer.detail, milliseconds: 12 },
  ]);
});

test("an address that does not answer is in trouble, in its fact and in the probes", () => {
  const address = { answered: false, version: null, detail: "GET /version answered 503" };
  const { facts, probes } = see(undefined, { address });
  expect(facts.find(({ label }) => label === "address")).toMatchObject({
    mood: "bad",
    text: expect.stringContaining("NOT HEALTHY: GET /version answered 503"),
  });
  expect(probes[0]?.good).toBe(false);
});

test("what the picture draws is not said above it too", () => {
  const labels = see(undefined).facts.map(({ label }) => label);
  expect(labels).toContain("service");
  expect(labels).not.toContain("active");
  expect(labels).not.toContain("previous");
});
