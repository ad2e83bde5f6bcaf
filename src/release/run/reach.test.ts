import { expect, test } from "vitest";
import { releaseSession } from "../../../test/_helpers/release-session.ts";
import { addressQuestion } from "../observe/address.ts";
import { checkReach } from "./reach.ts";

const timedOut = new DOMException("The operation was aborted due to timeout", "TimeoutError");

test("a private address without an answer refuses the release, and only after three questions", async () => {
  const { objections, asked } = await check(true, [timedOut, timedOut, timedOut]);
  expect(asked).toBe(3);
  expect(objections).toMatchObject([
    {
      what: "this machine gets no answer from http://app.example, which is private (GET /version: The operation was aborted due to timeout)",
      canForce: true,
    },
  ]);
});

test("one answer is enough, whatever it is: a bad version is replaced by a release", async () => {
  expect(await check(true, [timedOut, new Response("", { status: 503 })])).toEqual({
    objections: [],
    asked: 2,
  });
});

test("a public address is not asked", async () => {
  expect(await check(false, [])).toEqual({ objections: [], asked: 0 });
});

async function check(internal: boolean, answers: readonly (Response | Error)[]) {
  let asked = 0;
  const { session } = releaseSession({ settings: { network: { internal } } });
  const fetch: typeof globalThis.fetch = async () => {
    const answer = answers[asked];
    asked += 1;
    if (answer instanceof Response) return answer;
    throw answer ?? new Error("it was asked once too often");
  };
  const address = addressQuestion(session.config, { outputs: { url: "http://app.example" } });
  const objections = await checkReach({ ...session, fetch }, address);
  return { objections, asked };
}
