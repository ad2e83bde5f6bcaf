import { expect, test } from "vitest";
import { findContradictions } from "../check.ts";
import type { Settings } from "../../schema/config.ts";
import { settle } from "../../schema/settle.ts";

type ReleaseKeys = NonNullable<Settings["release"]>;

test.each<[string, Settings["instances"], ReleaseKeys, string]>([
  ["two instances, one at a time", {}, { strategy: "rolling" }, ""],
  [
    "one instance",
    { min: 1 },
    { strategy: "rolling" },
    "instances.min: found min 1 with the strategy rolling, allowed instances.min of at least 2: rolling takes one instance out at a time, and none would serve",
  ],
  [
    "all instances at once",
    { min: 3 },
    { strategy: "rolling", rolling: { batch: 3 } },
    "release.rolling.batch: found batch 3 with min 3, allowed a batch smaller than instances.min, so that some instances serve (2?)",
  ],
  ["all but one", { min: 3 }, { strategy: "rolling", rolling: { batch: 2 } }, ""],
  ["a batch that no strategy uses", { min: 1 }, { rolling: { batch: 20 } }, ""],
])("rolling: %s", (_, instances, release, found) => {
  expect(contradictions({ ...(instances && { instances }), release })).toEqual(
    found === "" ? [] : [found],
  );
});

test("only one machine's container is replaced in place", () => {
  expect(contradictions({ release: { strategy: "recreate" } })).toEqual([
    "release.strategy: found recreate with topology: fleet, allowed another strategy: in a fleet the new version has its own instances",
  ]);
  expect(contradictions({ topology: "single", release: { strategy: "recreate" } })).toEqual([]);
});

test("a probe waits no longer for an answer than the load balancer does", () => {
  const probe = { timeout: "90s" };
  expect(contradictions({ release: { probe } })).toEqual([
    "release.probe.timeout: found 90s with requests.timeout 1m, allowed at most requests.timeout, after which the load balancer answers instead of the app (1m?)",
  ]);
  expect(contradictions({ release: { probe }, requests: { timeout: "2m" } })).toEqual([]);
});

test.each<[ReleaseKeys, string]>([
  [{ bake: "10m", timeout: "601s" }, ""],
  [
    { bake: "10m", timeout: "10m" },
    "release.timeout: found timeout 10m with 10m of waiting, allowed a timeout longer than release.bake, with time for the instances to start (12m?)",
  ],
  [
    { bake: "40m" },
    "release.timeout: found timeout 30m with 40m of waiting, allowed a timeout longer than release.bake, with time for the instances to start (42m?)",
  ],
  [{ bake: "20m", canary: { bake: "20m" } }, ""],
  [{ before: { command: ["a"], timeout: "20m" } }, ""],
  [
    { before: { command: ["a"], timeout: "25m" } },
    "release.timeout: found timeout 30m with 30m of waiting, allowed a timeout longer than release.bake and release.before.timeout, with time for the instances to start (32m?)",
  ],
  [
    { before: { timeout: "1m" } },
    "release.before: found no command, allowed a command, such as command: [python, migrate.py]",
  ],
  [
    { strategy: "canary", bake: "20m", canary: { bake: "20m" } },
    "release.timeout: found timeout 30m with 40m of waiting, allowed a timeout longer than release.canary.bake and release.bake, with time for the instances to start (42m?)",
  ],
  // 30, 60, 90 and 100 per cent are four steps with three intervals between them.
  [{ strategy: "linear", bake: "1m", timeout: "601s", linear: { step: 30, interval: "3m" } }, ""],
  [
    { strategy: "linear", bake: "1m", timeout: "10m", linear: { step: 30, interval: "3m" } },
    "release.timeout: found timeout 10m with 10m of waiting, allowed a timeout longer than all of release.linear's intervals and release.bake, with time for the instances to start (12m?)",
  ],
  [
    { strategy: "linear", bake: "0s", linear: { step: 1, interval: "1h" } },
    "release.timeout: found timeout 30m with 99h of waiting, allowed a timeout longer than all of release.linear's intervals and release.bake, with time for the instances to start",
  ],
])("time: %j", (release, found) => {
  expect(contradictions({ release })).toEqual(found === "" ? [] : [found]);
});

test.each<[ReleaseKeys["probe"] & object, string]>([
  [
    { body: "x" },
    "release.probe.method: found a body with the method GET, allowed POST, PUT, PATCH or OPTIONS for a request with a body (POST?)",
  ],
  [
    { method: "HEAD", body: {} },
    "release.probe.method: found a body with the method HEAD, allowed POST, PUT, PATCH or OPTIONS for a request with a body (POST?)",
  ],
  [{ method: "POST", body: "x" }, ""],
  [{ method: "POST" }, ""],
  [
    { method: "HEAD", json_path: "a" },
    "release.probe.method: found json_path with the method HEAD, allowed a method whose answer has a body (GET?)",
  ],
  [
    { headers: { accept: "a", "x-b": "b", Accept: "c" } },
    "release.probe.headers.Accept: found Accept and accept, allowed each header once; HTTP ignores the case of their names",
  ],
  [
    { failures: 11 },
    "release.probe.failures: found 11 failures in a window of 10, allowed at most as many failures as the window has probes (10?)",
  ],
  [
    { window: 2 },
    "release.probe.failures: found 3 failures in a window of 2, allowed at most as many failures as the window has probes (2?)",
  ],
  [{ failures: 10 }, ""],
])("probe: %j", (probe, found) => {
  expect(contradictions({ release: { probe } })).toEqual(found === "" ? [] : [found]);
});

test("an alarm is named once", () => {
  expect(contradictions({ release: { alarms: ["a", "b", "a"] } })).toEqual([
    'release.alarms.2: found "a" a second time, allowed each alarm once',
  ]);
});

function contradictions(settings: Settings): readonly string[] {
  return findContradictions(settle("my-api", "production", "eu-central-1", settings)).map(
    ({ paths, found, allowed, suggestion }) =>
      `${paths[0].join(".")}: found ${found}, allowed ${allowed}${suggestion === undefined ? "" : ` (${suggestion}?)`}`,
  );
}
