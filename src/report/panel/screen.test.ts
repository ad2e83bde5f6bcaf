import { expect, test } from "vitest";
import { canRedraw, isUtf8, screenOf } from "./screen.ts";

test.each([
  [{ LC_ALL: "C", LANG: "en_GB.UTF-8" }, false],
  [{ LC_ALL: "", LANG: "en_GB.UTF-8" }, true],
  [{ LC_CTYPE: "C.utf8", LANG: "C" }, true],
  [{ LANG: "de_DE.ISO-8859-1" }, false],
  [{ LANG: "POSIX" }, false],
  [{}, true],
])("the locale of %j has UTF-8: %s", (env, expected) => {
  expect(isUtf8(env)).toBe(expected);
});

test("one column stays empty, and a terminal without a size is taken for a small one", () => {
  expect(screenOf({ columns: 80, rows: 30 }, {})).toMatchObject({ columns: 79, rows: 30 });
  expect(screenOf({ columns: 0, rows: 0 }, {})).toMatchObject({ columns: 79, rows: 24 });
  expect(screenOf({ columns: 3, rows: 1 }, {})).toMatchObject({ columns: 20, rows: 6 });
});

test("colours are the terminal's to say, by the variables of this run", () => {
  const hasColors = (env: Readonly<Record<string, string | undefined>>) => !env["NO_COLOR"];
  expect(screenOf({ hasColors }, {}).hasColour).toBe(true);
  expect(screenOf({ hasColors }, { NO_COLOR: "1" }).hasColour).toBe(false);
  expect(screenOf({}, {}).hasColour).toBe(false);
});

test("a dumb terminal gets lines", () => {
  expect(canRedraw({ TERM: "dumb" })).toBe(false);
  expect(canRedraw({ TERM: "xterm" })).toBe(true);
});
