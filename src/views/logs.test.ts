import { expect, test } from "vitest";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { logDocument, logText } from "./logs.ts";

const line = {
  at: Date.parse("2026-01-01T00:00:00.250Z"),
  instance: "i-1",
  colour: "blue",
  version: "v7",
  message: "loaded",
} as const;

test("the time, the instance, its colour and the version come first", () => {
  expect(logText(line)).toBe("2026-01-01T00:00:00.250Z i-1 blue v7  loaded\n");
  expect(logText({ ...line, colour: null, version: null })).toBe(
    "2026-01-01T00:00:00.250Z i-1 - boot  loaded\n",
  );
});

test("each line is its own document", () => {
  expect(logDocument(stackRecord(), line)).toMatchObject({
    schema_version: 1,
    at: "2026-01-01T00:00:00.250Z",
    instance: "i-1",
    colour: "blue",
    version: "v7",
    message: "loaded",
  });
});
