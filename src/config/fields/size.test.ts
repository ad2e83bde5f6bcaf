import { expect, test } from "vitest";
import { megabytesOf, parseSize } from "./size.ts";

test.each([
  [64, 64],
  ["512mb", 512],
  ["1gb", 1024],
  ["20GB", 20_480],
])("%s is %d MB", (text, megabytes) => {
  expect(parseSize(text)).toBe(megabytes);
  expect(megabytesOf(text)).toBe(megabytes);
});

test.each(["1", "0mb", "1.5gb", "1 gb", "-1gb", "1tb", "12345678gb", ""])(
  "%j is no size",
  (text) => {
    expect(parseSize(text)).toBeNull();
    expect(() => megabytesOf(text)).toThrow("size");
  },
);
