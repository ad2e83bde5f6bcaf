import { expect, test } from "vitest";
import { screen } from "../../../test/_helpers/panel-sights.ts";
import { shorten, shortenMiddle, wrap } from "./pieces.ts";

const unicode = screen(80);
const ascii = screen(80, { hasUnicode: false });

test("a shortened text is as long as asked, also where letters are two cells wide", () => {
  expect(shorten("abcdef", 6, unicode)).toBe("abcdef");
  expect(shorten("abcdef", 5, unicode)).toBe("abcd…");
  expect(shorten("abcdef", 5, ascii)).toBe("ab...");
  expect(shorten("日本語", 5, unicode)).toBe("日本…");
  expect(shorten("abcdef", 0, unicode)).toBe("");
});

test("an id keeps its ends", () => {
  expect(shortenMiddle("i-0123456789abcdef0", 8, unicode)).toBe("i-0…def0");
  expect(shortenMiddle("i-0123456789abcdef0", 9, ascii)).toBe("i-0...ef0");
});

test("lines break at spaces, and a word that is too long where it must", () => {
  expect(wrap("one two three", 7, 5, unicode)).toEqual(["one two", "three"]);
  expect(wrap("abcdefghij", 4, 5, unicode)).toEqual(["abcd", "efgh", "ij"]);
  expect(wrap("", 4, 5, unicode)).toEqual([]);
});

test("past the last line an ellipsis says that there was more", () => {
  expect(wrap("one two three four", 7, 2, unicode)).toEqual(["one two", "three …"]);
});

test("control characters cannot move the cursor", () => {
  expect(wrap("a\u001b[2Jb\nc", 80, 1, unicode)).toEqual(["a\\u001b[2Jb\\u000ac"]);
});
