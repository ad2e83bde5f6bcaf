import { expect, test } from "vitest";
import { parseProcStat } from "./proc-stat.ts";

const rest = "1 2 3 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 129043 3133440 384";

test.each(["cat", "node (main) 7", ") Z (", "a\nb"])(
  "the start is field 22, whatever the program %j is called",
  (name) => {
    expect(parseProcStat(`4711 (${name}) S ${rest}\n`)).toEqual({ start: "129043", ended: false });
  },
);

test("a zombie process has ended", () => {
  expect(parseProcStat(`4711 (cat) Z ${rest}`)?.ended).toBe(true);
});

test.each(["", "4711 (cat", "4711 (cat) S 1 2"])("%j is not a stat file", (text) => {
  expect(parseProcStat(text)).toBeUndefined();
});
