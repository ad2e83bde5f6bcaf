import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { awaitEnd } from "./await-end.ts";

function asked(...answers: readonly (Error | undefined)[]) {
  const slept: number[] = [];
  const work = new AbortController();
  const left = [...answers];
  const send = async () => {
    const answer = left.shift();
    if (left.length === 0) queueMicrotask(() => work.abort());
    if (answer !== undefined) throw answer;
  };
  const clock = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  const ended = awaitEnd(async () => ({ send }), clock, work.signal);
  return { ended, slept };
}

test("keys that AWS calls expired have ended, a minute after it last knew them", async () => {
  const { ended, slept } = asked(undefined, undefined, awsFailure("ExpiredToken", "expired"));
  expect(await ended).toBe(true);
  expect(slept).toEqual([60_000, 60_000, 60_000]);
});

test("a refusal of another kind, or no answer, is no end of the keys", async () => {
  const { ended } = asked(awsFailure("AccessDenied", "no"), new Error("socket hang up"), undefined);
  expect(await ended).toBe(false);
});
