import { expect, test } from "vitest";
import { release } from "../../../test/_helpers/rollout-values.ts";
import { settle } from "../../config/schema/settle.ts";
import { changedSettings, containerSettings } from "./container-settings.ts";

const token = { arn: "arn:secret", version: "v1", as: "file" as const };
const running = {
  ...release().container,
  env: { MODEL: "mini", THREADS: "2" },
  secrets: { TOKEN: token },
};

test("the same settings in another order are the same", () => {
  const wanted = { ...running, env: { THREADS: "2", MODEL: "mini" } };
  expect(changedSettings(running, wanted)).toEqual([]);
});

test.each([
  ["env", { env: { MODEL: "mini" } }],
  ["instances.memory", { memory_mb: 512 }],
  ["release.strategy", { alone: true }],
  ["container.gpus", { gpus: "all" as const }],
  ["requests.timeout", { stop_seconds: 120 }],
  ["image.port", { port: 9000 }],
  ["health.path", { health: { ...running.health, path: "/ready" } }],
  ["secrets", { secrets: {} }],
  ["secrets", { secrets: { TOKEN: { ...token, as: "env" as const } } }],
  ["health.timeout", { health: { ...running.health, timeout_seconds: 5 } }],
])("%s is named", (key, change) => {
  expect(changedSettings(running, { ...running, ...change })).toEqual([key]);
});

/** What a release of this file gives its container. */
function settingsOf(keys: Parameters<typeof settle>[3]) {
  const config = settle("my-api", "production", "eu-central-1", keys);
  const groups = { app: "/app", boot: "/boot" };
  return containerSettings(config, { log_groups: groups }, {}, null);
}

test.each([
  ["entrypoint", ["a"]],
  ["command", ["a"]],
  ["user", "1000"],
  ["stop_timeout", "90s"],
  ["ulimits", { nofile: 1 }],
  ["read_only", false],
  ["writable", ["/data"]],
  ["tmp", { exec: true }],
  ["capabilities", ["SETUID"]],
  ["shm", "1gb"],
  ["cache", { path: "/cache" }],
] as const)("a release has container.%s, and a change of it is named", (key, value) => {
  const [before, wanted] = [settingsOf({}), settingsOf({ container: { [key]: value } })];
  expect(changedSettings(before, wanted)).toEqual([`container.${key}`]);
  const { options: _, ...old } = before;
  expect(changedSettings(old, before)).toEqual([]);
  expect(changedSettings(old, wanted)).toEqual([`container.${key}`]);
});

test("a container gets as long to stop as a request may take, and at least 30 s", () => {
  expect(settingsOf({ requests: { timeout: "100s" } }).stop_seconds).toBe(100);
  expect(settingsOf({ requests: { timeout: "5s" } }).stop_seconds).toBe(30);
});

test("a release has its protocol, of which http1 goes without saying", () => {
  const { health } = settingsOf({ requests: { protocol: "grpc" } });
  expect(health).toMatchObject({
    protocol: "grpc",
    path: "/grpc.health.v1.Health/Check",
    codes: [0],
  });
  expect(settingsOf({}).health).not.toHaveProperty("protocol");
});

test("a release has health.codes, and a change of them is named", () => {
  const wanted = settingsOf({ health: { codes: [401] } });
  expect(wanted.health.codes).toEqual([401]);
  expect(changedSettings(settingsOf({}), wanted)).toEqual(["health.codes"]);
});

test.each([
  ["model.source", { source: "hf://a/c" }],
  ["model.path", { path: "/other" }],
  ["model.token", { token: "T" }],
])("a change of %s is named, and another revision is none", (key, change) => {
  const model = { source: "hf://a/b", path: "/model", revision: "1", files: [] };
  const before = { ...running, model };
  expect(changedSettings(before, { ...before, model: { ...model, revision: "2" } })).toEqual([]);
  expect(changedSettings(before, { ...before, model: { ...model, ...change } })).toEqual([key]);
});

test("other versions of secrets are no change", () => {
  const secrets = { TOKEN: { ...token, version: "v2" } };
  expect(changedSettings(running, { ...running, secrets })).toEqual([]);
});
