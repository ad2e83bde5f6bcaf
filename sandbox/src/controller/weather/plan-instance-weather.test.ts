import { expect, test } from "vitest";
import { type Conditions, readConditions } from "./conditions.ts";
import { firstFailureOf, type InstanceTask, planInstanceWeather } from "./plan-instance-weather.ts";

/** The tasks for an instance of this age, which has had `done` done to it. */
function tasks(
  conditions: Partial<Conditions>,
  { age = 10, done = [] as InstanceTask[], id = "i-0", running = true } = {},
): InstanceTask[] {
  const now = 1_000_000;
  return planInstanceWeather({
    conditions: { ...readConditions({}), ...conditions },
    instances: [
      {
        id,
        region: "us-east-1",
        instanceType: "g6.xlarge",
        state: "running",
        launched: now - age * 1000,
      },
    ],
    containers: [
      { name: `box-${id}`, running, instance: id, region: "us-east-1", address: null },
      { name: "box-emulator", running: true, instance: null, region: null, address: null },
    ],
    done: new Map([[id, new Set(done)]]),
    now,
  }).map(({ task }) => task);
}

test("without weather nothing is done", () => {
  expect(tasks({}, { age: 100_000 })).toEqual([]);
});

test("connections close late while the weather lasts, and in time again afterwards", () => {
  expect(tasks({ keepsConnections: true })).toEqual(["close-late"]);
  expect(tasks({ keepsConnections: true }, { done: ["close-late"] })).toEqual([]);
  expect(tasks({}, { done: ["close-late"] })).toEqual(["close-in-time"]);
  expect(tasks({}, { done: ["close-in-time"] })).toEqual([]);
});

test("an instance updates itself once, at its age", () => {
  expect(tasks({ updateAgeSeconds: 60 }, { age: 59 })).toEqual([]);
  expect(tasks({ updateAgeSeconds: 60 }, { age: 60 })).toEqual(["update"]);
  expect(tasks({ updateAgeSeconds: 60 }, { age: 90, done: ["update"] })).toEqual([]);
});

test("an instance reloads systemd once, and loses a GPU once, each at its age", () => {
  const conditions = { reloadAgeSeconds: 60, gpuLossAgeSeconds: 90 };
  expect(tasks(conditions, { age: 59 })).toEqual([]);
  expect(tasks(conditions, { age: 89 })).toEqual(["reload"]);
  expect(tasks(conditions, { age: 90, done: ["reload"] })).toEqual(["lose-gpu"]);
  expect(tasks(conditions, { age: 500, done: ["reload", "lose-gpu"] })).toEqual([]);
});

test("only a new instance has a first failure, and S3's is the emulator's", () => {
  const firstFailures: Conditions["firstFailures"] = ["dns", "registry", "s3"];
  const of = (id: string, age = 1) => tasks({ firstFailures }, { id, age });
  expect([of("i-0"), of("i-1"), of("i-2"), of("i-f")]).toEqual([
    ["fail-dns"],
    ["fail-registry"],
    [],
    ["fail-dns"],
  ]);
  expect(of("i-0", 60)).toEqual([]);
  expect(tasks({ firstFailures }, { age: 1, done: ["fail-dns"] })).toEqual([]);
  expect(firstFailureOf("i-7", ["registry"])).toBe("registry");
  expect(firstFailureOf("i-7", [])).toBeUndefined();
});

test("a container that does not run is left alone", () => {
  expect(tasks({ keepsConnections: true }, { running: false })).toEqual([]);
});
