import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration, secondsOf } from "./duration.ts";

test.each([
  ["500ms", 0.5],
  ["0s", 0],
  ["5s", 5],
  ["2m", 120],
  ["1h", 3600],
])("%s is %d seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "5", "s", "5 s", "5S", "-5s", "1.5s", "1h30m", "5s ", "5s\n", "1e3s", "5d", "９s"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test("a unit is a multiple of the one below it", () => {
  fc.assert(
    fc.property(fc.nat(900_000), (count) => {
      expect(parseDuration(`${count * 1000}ms`)).toBe(parseDuration(`${count}s`));
      expect(parseDuration(`${count * 60}s`)).toBe(parseDuration(`${count}m`));
      expect(parseDuration(`${count * 60}m`)).toBe(parseDuration(`${count}h`));
    }),
  );
});

test("any other text is null", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^[0-9]{1,9}(ms|s|m|h)$/.test(text));
      expect(parseDuration(text)).toBeNull();
    }),
  );
});

test("a duration is written in the largest unit that keeps it whole, and means the same again", () => {
  expect([0, 0.5, 1.5, 59, 60, 90, 3600, 86_400].map(formatDuration)).toEqual(
    "0s 500ms 1500ms 59s 1m 90s 1h 24h".split(" "),
  );
  fc.assert(
    fc.property(fc.nat(900_000_000), (milliseconds) => {
      expect(secondsOf(formatDuration(milliseconds / 1000))).toBe(milliseconds / 1000);
    }),
  );
});
