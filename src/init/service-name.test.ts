import fc from "fast-check";
import { expect, test } from "vitest";
import { isServiceName, serviceName } from "./service-name.ts";

test.each([
  ["my-api", "my-api"],
  ["@acme/Embeddings_Server", "embeddings-server"],
  ["2024 model", "model"],
  ["a".repeat(40), "a".repeat(32)],
  ["--x--", "x"],
  ["sg-thing", undefined],
  ["模型", undefined],
])("%s becomes %s", (text, name) => {
  expect(serviceName(text)).toBe(name);
});

test("whatever comes out is a name that the configuration takes", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const name = serviceName(text);
      expect(name === undefined || isServiceName(name)).toBe(true);
    }),
  );
});
