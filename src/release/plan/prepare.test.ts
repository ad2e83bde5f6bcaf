import { expect, test } from "vitest";
import { next, releaseWorld, served } from "../../../test/_helpers/release-world.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { settleRelease } from "../../config/schema/release.ts";
import { readServing } from "../observe/serving.ts";
import type { Content } from "./new-record.ts";
import { prepare, type Intent, type Prepared } from "./prepare.ts";

const content: Content = {
  version: "v8",
  digest: "sha256:88",
  context_hash: "c8",
  container: served().container,
};

const settings = {
  ...settleRelease(
    { bake: "20s", timeout: "5m", keep_previous: "2m", rolling: { batch: 2 } },
    "/healthz",
  ),
  strategy: "blue-green" as const,
};

async function prepared(
  changes: Partial<Intent> = {},
  arrange: (world: ReturnType<typeof releaseWorld>) => unknown = () => undefined,
): Promise<Prepared> {
  const world = releaseWorld();
  arrange(world);
  const serving = await readServing(world.deps, stackRecord());
  const intent: Intent = {
    kind: "release",
    settings,
    message: null,
    who: "ada@laptop",
    force: false,
    ...changes,
  };
  const now = world.clock.now();
  const { outputs } = stackRecord();
  return prepare({ outputs, serving, intent, content, alarms: ["a", "b"], minimum: 2, now });
}

test("the record says what begins: who, when, why, what, and over which release", async () => {
  const { record } = await prepared({ message: "faster model" });
  expect(record).toEqual(next({ message: "faster model", context_hash: "c8" }));
});

test("the plan leads from what serves to the new release, with the user's waits", async () => {
  const { plan } = await prepared();
  expect(plan).toMatchObject({
    kind: "release",
    strategy: "blue-green",
    release: 8,
    from: { colour: "blue", version: "v7", deployment: 7 },
    to: { colour: "green", version: "v8", deployment: 8 },
    instances: 2,
    minimum: 2,
    stages: [{ weight: 100, bakeSeconds: 20 }],
    warm: false,
    bakeSeconds: 20,
    timeoutSeconds: 300,
    keepPreviousSeconds: 120,
    alarms: ["a", "b"],
    startAlarms: ["app-production-green-unhealthy"],
  });
});

test("the number of a failed release is not used again", async () => {
  const failed = next({ outcome: "failed", finished: "2026-01-01T00:20:00.000Z" });
  const { record, plan } = await prepared({}, (world) => {
    world.write(failed);
  });
  expect(record).toMatchObject({ release: 9, deployment: 9 });
  expect(record.replaces).toEqual({ release: 7, version: "v7" });
  expect(plan.from).toEqual({ colour: "blue", version: "v7", deployment: 7 });
});

test("after a rollback to a warm version, the way back leads to the release that its instances report", async () => {
  const { plan, record } = await prepared({}, (world) => {
    world.write(served({ release: 9, kind: "rollback", deployment: 7 }));
  });
  expect(plan.from).toEqual({ colour: "blue", version: "v7", deployment: 7 });
  expect(record).toMatchObject({ release: 10, replaces: { release: 9, version: "v7" } });
});

test("rolling stays on the colour that serves, and watches that colour's start alarm", async () => {
  const { record, plan } = await prepared({ settings: { ...settings, strategy: "rolling" } });
  expect(record).toMatchObject({ colour: "blue", strategy: "rolling" });
  expect(plan).toMatchObject({
    strategy: "rolling",
    to: { colour: "blue", version: "v8", deployment: 8 },
    batch: 2,
    stages: [],
    startAlarms: ["app-production-blue-unhealthy"],
  });
});

test("a canary begins with its own share and wait", async () => {
  const canary = {
    ...settleRelease({ bake: "20s", canary: { weight: 5, bake: "30s" } }, "/healthz"),
    strategy: "canary" as const,
  };
  const { plan } = await prepared({ settings: canary });
  expect(plan.stages).toEqual([
    { weight: 5, bakeSeconds: 30 },
    { weight: 100, bakeSeconds: 20 },
  ]);
});

test("the new version gets as many instances as serve now, and keeps the config's minimum", async () => {
  const grown = await prepared({}, ({ stack }) => {
    stack.groups.blue.desired = 4;
  });
  expect(grown.plan).toMatchObject({ instances: 4, minimum: 2 });
  const shrunk = await prepared({}, ({ stack }) => {
    Object.assign(stack.groups.blue, { min: 1, desired: 1 });
  });
  expect(shrunk.plan).toMatchObject({ instances: 2, minimum: 2 });
});
