import { expect, test } from "vitest";
import { release } from "../../../test/_helpers/rollout-values.ts";
import { changedSettings } from "./container-settings.ts";

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

test("other versions of secrets are no change", () => {
  const secrets = { TOKEN: { ...token, version: "v2" } };
  expect(changedSettings(running, { ...running, secrets })).toEqual([]);
});
