import { expect, test } from "vitest";
import { lastLine } from "./last-line.ts";

test.each([
  ["one\ntwo\n\n", "two"],
  [
    "port is already allocated\n\nRun 'docker run --help' for more information\n",
    "port is already allocated",
  ],
  ["  indented\r\n", "indented"],
  ["\n \n", ""],
])("the last line of %j is %j", (text, expected) => {
  expect(lastLine(text)).toBe(expected);
});
