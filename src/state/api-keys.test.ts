import { expect, test } from "vitest";
import { CommandError } from "../errors/command-error.ts";
import {
  type ApiKey,
  findKey,
  generateKey,
  keysText,
  ownKey,
  parseKeys,
  withNewKey,
  withoutKey,
} from "./api-keys.ts";

const now = new Date("2026-01-01T00:00:00Z");
const key = (first: number): ApiKey => generateKey(new Uint8Array(24).fill(first), now);
const [one, two, three] = [key(1), key(2), key(3)];

test("a made key fits into a header, and its id does not give it away", () => {
  expect(one.value).toMatch(/^[0-9a-f]{48}$/);
  expect(one.id).toMatch(/^[0-9a-f]{8}$/);
  expect(one.value).not.toContain(one.id);
});

test("the secret's text has the keys in their order", () => {
  expect(parseKeys(keysText([two, one]))).toEqual([two, one]);
});

test.each(["", "{half", '{"schema_version":1,"keys":[{"value":7}]}', "a-key-in-the-wrong-place"])(
  "a secret that is not one of keys is refused without its text: %s",
  (text) => {
    const error = failure(() => parseKeys(text));
    expect(error.next).toContain("infer-deploy up");
    if (text !== "") expect(JSON.stringify(error)).not.toContain(text);
  },
);

test("a third key is refused with the command that makes room", () => {
  expect(withNewKey([], one)).toEqual([one]);
  expect(withNewKey([one], two)).toEqual([one, two]);
  expect(failure(() => withNewKey([one, two], three)).next).toContain("infer-deploy keys retire");
});

test("a key that is valid already is refused, so that retiring the older one ends it", () => {
  expect(failure(() => withNewKey([one], one)).message).toContain("valid already");
});

test("the older key ends unless another is named, and the last one cannot", () => {
  expect(withoutKey([one, two], undefined)).toEqual({ kept: [two], retired: one });
  expect(withoutKey([one, two], two.id)).toEqual({ kept: [one], retired: two });
  expect(failure(() => withoutKey([one], undefined)).next).toContain("infer-deploy keys rotate");
  expect(failure(() => withoutKey([], undefined)).message).toContain("no API key");
  expect(failure(() => withoutKey([one, two], three.id)).exitCode).toBe(64);
  expect(findKey([one, two], two.id)).toBe(two);
});

test("an own key keeps every character of it", () => {
  const value = "A-long-key:with/signs*and?more";
  expect(ownKey(value, now)).toMatchObject({ value, created: now.toISOString() });
});

test.each([
  ["23 characters", "abcdefghijklmnopqrstuvw", "24 to 200"],
  ["201 characters", `${"abcdefghij".repeat(20)}k`, "24 to 200"],
  ["a space", "a key with spaces of thirty", "without spaces"],
  ["a line break", "a-key-of-two-lines\nof-thirty", "without spaces"],
  ["a letter beyond ASCII", "schlüssel-mit-umlaut-und-mehr", "without spaces"],
  ["one character over and over", "a".repeat(40), "different characters"],
])("an own key of %s is refused, without its value", (_, value, why) => {
  const error = failure(() => ownKey(value, now));
  expect([error.exitCode, error.why]).toEqual([64, expect.stringContaining(why)]);
  expect(`${error.message} ${error.why} ${error.next}`).not.toContain(value);
});

function failure(work: () => unknown): CommandError {
  try {
    work();
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
