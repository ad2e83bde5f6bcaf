import { expect, test } from "vitest";
import { lineOf } from "./line.ts";

const event = { id: "1", at: 5, message: "loaded\n" };

test.each([
  ["i-0a1/blue/v7", { instance: "i-0a1", colour: "blue", version: "v7" }],
  ["i-0a1-green/green/v8", { instance: "i-0a1", colour: "green", version: "v8" }],
  ["i-0a1/green", { instance: "i-0a1", colour: "green", version: null }],
  ["of-someone-else", { instance: "of-someone-else", colour: null, version: null }],
])("a line of the stream %s", (stream, place) => {
  expect(lineOf({ ...event, stream })).toEqual({ at: 5, message: "loaded", ...place });
});
