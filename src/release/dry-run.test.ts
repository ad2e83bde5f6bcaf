import { expect, test } from "vitest";
import { listener } from "../../test/_helpers/listener.ts";
import { releaseSession, type SessionOptions } from "../../test/_helpers/release-session.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { openJournal } from "../state/journal.ts";
import { forecastRelease } from "./dry-run.ts";
import { releaseVersion } from "./release.ts";
import type { ImageRequest } from "./image/resolve-image.ts";

function setUp(options: SessionOptions = {}) {
  const world = releaseSession(options);
  const wanted = { version: "v8", fromImage: undefined, build: false, buildArgs: {} };
  const forecast = async (changes: Partial<ImageRequest> = {}, force = false) =>
    forecastRelease(world.session, { ...wanted, ...changes }, { ...world.intent, force });
  const release = async () =>
    releaseVersion(world.session, wanted, world.intent, { record: undefined }, () => undefined);
  return { ...world, forecast, release };
}

test("the steps of a release, the alarms that it watches, and what serves now", async () => {
  const { forecast } = setUp();
  expect(await forecast()).toMatchObject({
    active: { release: 7, version: "v7" },
    version: "v8",
    digest: "sha256:88",
    alarms: expect.arrayContaining(["app-production-green-errors", "app-production-unanswered"]),
    steps: [
      "start 2 instances of v8 on green, and wait until they are healthy",
      "probe v8 through a secret header before it gets traffic",
      "give v8 all traffic, and watch it for 10 s",
      expect.stringMatching(/^keep v7 warm on blue for /),
    ],
    objections: [],
  });
});

test("a quota without room for the new instances is a warning of both, and rolling needs none", async () => {
  const asked: number[] = [];
  const session = {
    ...releaseSession().session,
    roomFor: async (instances: number) => {
      asked.push(instances);
      return [{ what: "quota vCPUs: 5 of 5 in use", next: "ask for more" }];
    },
  };
  const { intent } = releaseSession();
  const wanted = { version: "v8", fromImage: undefined, build: false, buildArgs: {} };
  const found = await forecastRelease(session, wanted, intent);
  expect(found.warnings).toContain("quota vCPUs: 5 of 5 in use. Next: ask for more");
  const settings = { ...intent.settings, strategy: "rolling" as const };
  const rolling = await forecastRelease(session, wanted, { ...intent, settings });
  expect(rolling.warnings).not.toContain("quota vCPUs: 5 of 5 in use. Next: ask for more");
  const reporter = listener();
  const record = { record: undefined };
  await releaseVersion({ ...session, reporter }, wanted, intent, record, () => undefined);
  expect(reporter.warnings()).toContain("quota vCPUs: 5 of 5 in use. Next: ask for more");
  expect(asked).toEqual([2, 2]);
});

test("a dry run only reads: no call changes anything, no hook and no program runs", async () => {
  const { forecast, stack, registry, happened, journal } = setUp();
  registry.add("sha256:99", "candidate");
  await forecast({ version: "v9", fromImage: "candidate" });
  await forecast({ build: true });
  const reads = /^(store\.(get|list)|fleet\.(groups|launches)|door\.(weights|health)|alarms\.)/;
  expect(stack.calls.filter((call) => !reads.test(call))).toEqual([]);
  expect(registry.tags.has("v9")).toBe(false);
  expect(happened).toEqual([]);
  expect(journal()).toBeUndefined();
});

test("the release then follows the same plan", async () => {
  const { forecast, release, journal } = setUp();
  const { plan: foreseen } = await forecast();
  await release();
  expect(journal()?.plan).toEqual(foreseen);
});

test.each([
  ["v8", "push it as v8"],
  [undefined, "push it"],
])("an image that is not built yet has no digest, and the version %s", async (version, push) => {
  const { forecast } = setUp();
  const found = await forecast({ version, build: true });
  expect(found).toMatchObject({ version: version ?? null, digest: null });
  expect(found.steps.slice(0, 2)).toEqual(["build the image", push]);
  expect(found.steps[2]).toContain(`of ${version ?? "the new version"} on green`);
});

test("the serving version has no steps", async () => {
  const { forecast } = setUp();
  expect(await forecast({ version: "v7" })).toMatchObject({ version: "v7", steps: [] });
});

test("the repair of an interrupted release is the first step", async () => {
  const { forecast, session } = setUp();
  const journal = await openJournal(session.store, plan(), session.clock.now);
  await journal.write("bake", "begun");
  const repair = 'repair release 8, which was interrupted at the step "bake"';
  expect((await forecast()).steps[0]).toBe(repair);
  await journal.close("cancelled");
  expect((await forecast()).steps).not.toContain(repair);
});

test("objections are part of the answer, and those that --force skips are gone with it", async () => {
  const { forecast, stack } = setUp();
  stack.alarmsOn.add("app-production-unanswered");
  stack.groups.green.max = 1;
  const what = async (force: boolean) =>
    (await forecast({}, force)).objections.map((objection) => objection.what);
  const noRoom = "the release needs 2 instances on green, but its group allows at most 1";
  const isOn = "the alarm app-production-unanswered is already on (Threshold Crossed)";
  expect(await what(false)).toEqual([noRoom, isOn]);
  expect(await what(true)).toEqual([noRoom]);
});

test("an image that the registry does not have is refused, as in the release itself", async () => {
  const { forecast } = setUp();
  await expect(forecast({ version: "v10" })).rejects.toThrow('The registry has no image "v10".');
});
