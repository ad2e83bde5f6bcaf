import { expect, test } from "vitest";
import { next, served } from "../../../test/_helpers/release-world.ts";
import { agent, instance, snapshot, stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { config, intent } from "../../../test/_helpers/session-world.ts";
import type { Serving } from "../observe/serving.ts";
import { nextNumber } from "./new-record.ts";
import { isWarm, prepareReturn } from "./prepare-return.ts";
import { prepare, type PrepareFacts } from "./prepare.ts";

const { outputs } = stackRecord();
const now = new Date("2026-02-03T04:05:06.000Z");
const content = {
  version: "v8",
  digest: "sha256:88",
  context_hash: "c8",
  container: served().container,
};

const serving = (changes: Partial<Serving> = {}): Serving => ({
  fleet: snapshot(),
  releases: [next({ outcome: "failed" }), served()],
  active: served(),
  ...changes,
});

function prepared(changes: Partial<PrepareFacts> = {}) {
  return prepare({
    outputs,
    serving: serving(),
    intent: intent({ message: "new tokenizer" }),
    content,
    alarms: ["errors"],
    minimum: 2,
    now,
    ...changes,
  });
}

test("a record at its beginning: a new number, the idle colour, and who wants it why", () => {
  expect(prepared().record).toEqual({
    schema_version: 1,
    release: 9,
    kind: "release",
    deployment: 9,
    replaces: { release: 7, version: "v7" },
    ...content,
    image: "registry/app@sha256:88",
    colour: "green",
    who: "ada@laptop",
    created: now.toISOString(),
    finished: null,
    message: "new tokenizer",
    strategy: "blue-green",
    outcome: "in-progress",
    reason: null,
    taken_back_by: null,
  });
});

test("the plan and the record are of the same release", () => {
  const { record, plan } = prepared();
  expect(plan).toMatchObject({
    release: record.release,
    to: { colour: "green", version: "v8", deployment: 9 },
    from: { colour: "blue", version: "v7", deployment: 7 },
    alarms: ["errors"],
    minimum: 2,
  });
});

test("rolling stays on the colour that serves; from green the others go to blue", () => {
  const rolling = { ...config().release, strategy: "rolling" as const };
  expect(prepared({ intent: intent({ settings: rolling }) }).record.colour).toBe("blue");
  const green = serving({ active: served({ colour: "green" }) });
  expect(prepared({ serving: green }).record.colour).toBe("blue");
});

test("a number is never used twice, not even a failed one's", () => {
  expect(nextNumber([next({ outcome: "failed" }), served()])).toBe(9);
  expect(nextNumber([])).toBe(1);
});

const warm = (id: string) =>
  instance({
    id,
    colour: "green",
    targetHealth: "healthy",
    agent: agent({ release: 6, state: "healthy" }),
  });
const old = served({ release: 6, deployment: 6, version: "v6", colour: "green" });

test("a version is warm while enough healthy targets of the idle colour run it", () => {
  const fleet = snapshot({ instances: [warm("i-3"), warm("i-4")] });
  expect(isWarm(serving({ fleet }), old, 2)).toBe(true);
  expect(isWarm(serving({ fleet }), old, 3)).toBe(false);
  const ill = snapshot({ instances: [warm("i-3"), { ...warm("i-4"), targetHealth: "draining" }] });
  expect(isWarm(serving({ fleet: ill }), old, 2)).toBe(false);
});

test("what runs on the serving colour, or was replaced there, is not warm", () => {
  const fleet = snapshot({ instances: [warm("i-3"), { ...warm("i-4"), colour: "blue" }] });
  expect(isWarm(serving({ fleet }), { ...old, colour: "blue" }, 1)).toBe(false);
  expect(isWarm(serving({ fleet }), { ...old, deployment: 5 }, 1)).toBe(false);
});

test("a return is a release of its number, with what its instances report", () => {
  const group = { min: 0, desired: 2, max: 4, launchFailure: null };
  const fleet = { ...snapshot(), groups: { blue: group, green: group } };
  const alarms = { ...config().release, alarms: ["mine"], strategy: "canary" as const };
  const { record, plan } = prepareReturn(
    outputs,
    serving({ fleet }),
    old,
    intent({ kind: "rollback", message: "v7 is slow", settings: alarms }),
    { minimum: 2, now },
  );
  expect(record).toMatchObject({
    release: 9,
    kind: "rollback",
    deployment: 6,
    version: "v6",
    digest: old.digest,
    container: old.container,
    colour: "green",
    replaces: { release: 7, version: "v7" },
    strategy: "blue-green",
    message: "v7 is slow",
  });
  expect(plan).toMatchObject({ warm: true, release: 9, to: { deployment: 6 }, instances: 2 });
  expect(plan.alarms).toContain("mine");
  expect(plan.alarms).toContain("app-production-green-errors");
});
