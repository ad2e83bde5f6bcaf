import { expect, test } from "vitest";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import type { JournalDocument } from "../state/journal.ts";
import type { Outcome } from "./strategy/machine.ts";
import { isAnswer } from "./rollback.ts";

function recovered(kind: "release" | "rollback", outcome: Outcome) {
  const journal: JournalDocument = {
    schema_version: 1,
    release: 8,
    plan: plan({ kind }),
    step: "bake",
    phase: "begun",
    at: "2026-11-24T10:00:00.000Z",
    outcome: null,
  };
  return { journal, ending: { outcome, failure: null, stuck: false } };
}

test("a killed release that the repair rolled back needs no further rollback", () => {
  expect(isAnswer(recovered("release", "cancelled"))).toBe(true);
});

test("a killed release that the repair finished still needs the rollback", () => {
  expect(isAnswer(recovered("release", "succeeded"))).toBe(false);
});

test("a killed rollback that the repair finished needs no further rollback", () => {
  expect(isAnswer(recovered("rollback", "succeeded"))).toBe(true);
});

test("a killed rollback that the repair cancelled is begun again", () => {
  expect(isAnswer(recovered("rollback", "cancelled"))).toBe(false);
});
