import { expect, test } from "vitest";
import { refusalOf } from "../../../test/_helpers/refusal.ts";
import { answerOf, bodyOf, checkMessage } from "./answer.ts";
import { wishOf } from "./wish.ts";

const reason = {
  since: "2026-01-01T00:00:00.000Z",
  who: "ada@laptop",
  message: "later",
  retry_after_seconds: 60,
};

test("a text is JSON for programs, and a page is HTML", () => {
  expect(bodyOf({ message: 'a "b"', retry_after_seconds: 60 })).toEqual({
    contentType: "application/json",
    body: '{"error":"a \\"b\\"","retry_after_seconds":60}',
  });
  expect(bodyOf({ message: "<h1>b</h1>", retry_after_seconds: 60 })).toEqual({
    contentType: "text/html",
    body: "<h1>b</h1>",
  });
});

test("of maintenance and sleep, users get the message of maintenance", () => {
  const sleep = {
    ...reason,
    message: "asleep",
    goal: "asleep" as const,
    size: { min: 1, desired: 1 },
  };
  const both = { schema_version: 1 as const, token: "t", maintenance: reason, sleep };
  expect(answerOf(both)?.body).toContain("later");
  expect(answerOf({ ...both, maintenance: null })?.body).toContain("asleep");
  expect(answerOf({ ...both, maintenance: null, sleep: null })).toBeUndefined();
});

test("an answer has at most 1,024 bytes, however few characters those are", () => {
  expect(() => checkMessage(`<${"x".repeat(1023)}`, "--message")).not.toThrow();
  const long = refusalOf(() => checkMessage(`<${"ü".repeat(512)}`, "--message"));
  expect([long.exitCode, long.why]).toEqual([
    64,
    "the answer would have 1025 bytes, and AWS takes 1024",
  ]);
  expect(refusalOf(() => checkMessage(" ", "--message")).why).toBe("it is empty");
});

test.each([
  ["600", 600],
  ["10m", 600],
  [undefined, undefined],
])("--retry-after %s", (retryAfter, retryAfterSeconds) => {
  expect(wishOf({ message: undefined, retryAfter })).toMatchObject({ retryAfterSeconds });
});

test.each(["0", "500ms", "-1", "soon", "99999999", ""])(
  "--retry-after %j is refused",
  (retryAfter) => {
    expect(refusalOf(() => wishOf({ message: undefined, retryAfter })).exitCode).toBe(64);
  },
);
