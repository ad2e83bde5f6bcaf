import { expect, test } from "vitest";
import { generateKey } from "../state/api-keys.ts";
import { keyChangeDocument, keyChangeText, keysDocument, keysText } from "./keys.ts";

const stack = { name: "api", environment: "production", region: "eu-west-1" };
const now = new Date("2026-01-02T00:00:00Z");
const [one, two] = [1, 2].map((first) =>
  generateKey(new Uint8Array(24).fill(first), new Date("2026-01-01T23:58:00Z")),
) as [ReturnType<typeof generateKey>, ReturnType<typeof generateKey>];

test("the list has ids and ages, and no key", () => {
  const document = keysDocument(stack, [one, two], [one.value, two.value]);
  const text = keysText(document, now);
  expect(text).toContain(`${one.id}  2 min ago  yes`);
  for (const { value } of [one, two]) {
    expect(text + JSON.stringify(document)).not.toContain(value);
  }
});

test("a key that is not in force, and one that should not be, name the repair", () => {
  const document = keysDocument(stack, [one], [two.value]);
  expect(document).toMatchObject({ keys: [{ in_force: false }], unknown_keys: 1 });
  expect(keysText(document, now)).toContain("infer-deploy up --refresh");
  expect(keysText(keysDocument(stack, [one], undefined), now)).toContain(
    "not yet: infer-deploy up",
  );
  expect(keysText(keysDocument(stack, [], undefined), now)).toContain("infer-deploy keys rotate");
});

test.each([
  ["added", "done", "accepts it"],
  ["added", "late", "does not accept it yet"],
  ["added", "stored", "infer-deploy up brings it"],
  ["retired", "late", "still accepts it"],
  ["retired", "silent", "does not answer here"],
] as const)("a key that was %s, with the effect %s", (change, effect, words) => {
  const valid = change === "added" ? [one, two] : [two];
  const key = change === "added" ? two : one;
  const text = keyChangeText(keyChangeDocument(stack, { key, change, valid, effect }));
  expect(text).toContain(words);
  expect(text.includes("infer-deploy keys retire")).toBe(change === "added");
  expect(text).not.toContain(key.value);
});
