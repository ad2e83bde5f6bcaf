import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../src/config.ts";

test("an empty environment gives the defaults", () => {
  const config = readConfig({});
  assert.equal(config.port, 8080);
  assert.equal(config.version, "unknown");
  assert.equal(config.release, null);
  assert.ok(config.threads >= 1);
});

test("the environment decides", () => {
  const config = readConfig({
    PORT: "9000",
    INFERENCE_THREADS: "3",
    INFER_DEPLOY_VERSION: "1.4.0",
    INFER_DEPLOY_RELEASE: "0012",
  });
  assert.deepEqual(
    [config.port, config.threads, config.version, config.release],
    [9000, 3, "1.4.0", "0012"],
  );
});

test("an empty variable counts as one that is not set", () => {
  assert.equal(readConfig({ PORT: " " }).port, 8080);
});

for (const [name, value] of [
  ["PORT", "80a"],
  ["PORT", "70000"],
  ["PORT", "-1"],
  ["INFERENCE_THREADS", "0"],
  ["INFERENCE_THREADS", "1.5"],
  ["LOG_LEVEL", "loud"],
] as const) {
  test(`${name}=${value} is refused by name`, () => {
    assert.throws(() => readConfig({ [name]: value }), new RegExp(`${name} must be .*"${value}"`));
  });
}
