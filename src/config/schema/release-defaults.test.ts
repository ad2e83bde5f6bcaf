import { expect, test } from "vitest";
import type { ConfigFile, Settings } from "./config.ts";
import { overlaySettings, settle } from "./settle.ts";

test("everything that the file says is there, in units", () => {
  expect(
    releaseOf({
      strategy: "canary",
      bake: "0s",
      timeout: "1h",
      keep_previous: "90s",
      alarms: ["queue"],
      canary: { weight: 5, bake: "3m" },
      linear: { step: 25, interval: "30s" },
      rolling: { batch: 2 },
      scan: "medium",
      probe: {
        path: "/v1",
        method: "PUT",
        headers: { Accept: "text/plain", "X-N": 1 },
        body: "hello",
        status: 202,
        json_path: "a.0",
        timeout: "1500ms",
        failures: 1,
        window: 2,
      },
    }),
  ).toEqual({
    strategy: "canary",
    bakeSeconds: 0,
    before: null,
    timeoutSeconds: 3600,
    keepPreviousSeconds: 90,
    alarms: ["queue"],
    canary: { weight: 5, bakeSeconds: 180 },
    linear: { step: 25, intervalSeconds: 30 },
    rolling: { batch: 2 },
    scan: "medium",
    probe: {
      path: "/v1",
      method: "PUT",
      headers: { Accept: "text/plain", "X-N": "1" },
      body: "hello",
      status: 202,
      jsonPath: "a.0",
      timeoutSeconds: 1.5,
      failures: 1,
      window: 2,
    },
  });
});

test.each<[NonNullable<NonNullable<Settings["release"]>["probe"]>, object]>([
  [
    { body: { input: ["a"], n: 1 } },
    { body: '{"input":["a"],"n":1}', headers: { "content-type": "application/json" } },
  ],
  [{ body: [] }, { body: "[]", headers: { "content-type": "application/json" } }],
  [
    { body: {}, headers: { "Content-Type": "application/x-ndjson" } },
    { body: "{}", headers: { "Content-Type": "application/x-ndjson" } },
  ],
  [
    { body: {}, headers: { "x-a": "b" } },
    { body: "{}", headers: { "content-type": "application/json", "x-a": "b" } },
  ],
  [{ body: '{"a": 1}' }, { body: '{"a": 1}', headers: {} }],
  [{ body: "" }, { body: null, headers: {} }],
])("%j is sent as %j", (probe, sent) => {
  expect(releaseOf({ probe }).probe).toMatchObject(sent);
  expect(releaseOf({ probe }).probe.headers).toEqual((sent as { headers: object }).headers);
});

test("an environment's body replaces the file's, its headers are laid over", () => {
  const file = {
    name: "my-api",
    region: "eu-central-1",
    release: { probe: { method: "POST", headers: { a: "1", b: "2" }, body: { input: "x" } } },
    environments: {
      staging: { release: { probe: { headers: { b: "3" }, body: { text: "y" } } } },
      lab: { release: { probe: { method: "GET", body: "" } } },
    },
  } as const satisfies ConfigFile;
  const probeIn = (environment: string) =>
    settle("a", environment, "eu-central-1", overlaySettings(file, environment)).release.probe;
  expect(probeIn("staging")).toMatchObject({
    method: "POST",
    headers: { "content-type": "application/json", a: "1", b: "3" },
    body: '{"text":"y"}',
  });
  expect(probeIn("lab")).toMatchObject({ method: "GET", headers: { a: "1", b: "2" }, body: null });
});

function releaseOf(release: NonNullable<Settings["release"]>) {
  return settle("my-api", "production", "eu-central-1", { release }).release;
}
