import { expect, test } from "vitest";
import { isSet, readSwitch } from "./switches.ts";

test.each(["1", "true", "TRUE", "yes", "y", "on", " yes "])("%j says yes", (value) => {
  expect(readSwitch({ ANSWER: value }, "ANSWER")).toBe(true);
  expect(isSet(value)).toBe(true);
});

test.each(["", "0", "false", "False", "no", "n", "off"])("%j says no", (value) => {
  expect(readSwitch({ ANSWER: value }, "ANSWER")).toBe(false);
  expect(isSet(value)).toBe(false);
});

test("a variable that is absent says no", () => {
  expect(readSwitch({}, "ANSWER")).toBe(false);
  expect(isSet(undefined)).toBe(false);
});

test("another word is refused where it would be an answer, and counts where others choose the word", () => {
  expect(() => readSwitch({ ANSWER: "maybe" }, "ANSWER")).toThrow(
    expect.objectContaining({ exitCode: 64, message: expect.stringContaining('"maybe"') }),
  );
  expect(isSet("woodpecker")).toBe(true);
});
