import { expect, test } from "vitest";
import { chooseLines, type AskedLines } from "./choice.ts";
import type { LogLine } from "./line.ts";

const nothing: AskedLines = {
  instance: undefined,
  colour: undefined,
  version: undefined,
  grep: undefined,
};
const line: LogLine = {
  at: 1,
  instance: "i-1",
  colour: "blue",
  version: "v7",
  message: "loaded 7",
};
const by = (value: string) => ({ value, origin: "--flag" });
const isChosen = (asked: Partial<AskedLines>, message = line.message): boolean =>
  chooseLines({ ...nothing, ...asked }, (text) => text === "check").isWanted({ ...line, message });

test("without a wish all lines are chosen but our own checks", () => {
  expect(isChosen({})).toBe(true);
  expect(isChosen({}, "check")).toBe(false);
});

test("a line must match everything that is asked for", () => {
  expect(isChosen({ colour: by("blue"), version: "v7", grep: by("load.d \\d") })).toBe(true);
  expect(isChosen({ colour: by("green"), version: "v7" })).toBe(false);
  expect(isChosen({ colour: by("blue"), version: "v8" })).toBe(false);
  expect(isChosen({ version: "v7", grep: by("^failed") })).toBe(false);
});

test("the instance is left to AWS, by the beginning of its streams' names", () => {
  expect(chooseLines({ ...nothing, instance: by("i-0a") }, () => false).prefix).toBe("i-0a");
  expect(chooseLines(nothing, () => false).prefix).toBe("");
});

test.each([
  [{ instance: by("web") }, /^--flag takes an instance id, .* and "web" is not that/],
  [{ colour: by("red") }, /^--flag takes blue or green, and "red" is not that/],
  [{ grep: by("(") }, /^--flag takes a regular expression, and "\(" is not that/],
])("what no line can match is refused: %o", (asked, message) => {
  expect(() => chooseLines({ ...nothing, ...asked }, () => false)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message) as string, exitCode: 64 }),
  );
});
