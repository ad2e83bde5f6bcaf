import { expect, test } from "vitest";
import { credentials } from "../../test/_helpers/credentials.ts";
import { listener } from "../../test/_helpers/listener.ts";
import { releaseSession } from "../../test/_helpers/release-session.ts";
import { checkTime } from "./enough-time.ts";
import { readServing } from "./observe/serving.ts";

/** What a release is answered when its credentials end in so many seconds. */
async function check(
  left: number | undefined,
  { force = false, isTemporary = false, bake = 1200 } = {},
) {
  const { session, intent } = releaseSession();
  const reporter = listener();
  const asked: number[] = [];
  const validity = credentials({
    lasting: async (seconds) => {
      asked.push(seconds);
      return left;
    },
    isTemporary: () => isTemporary,
  });
  const settings = { ...intent.settings, strategy: "blue-green" as const, bakeSeconds: bake };
  const objections = await checkTime(
    { ...session, credentials: validity, reporter },
    await readServing(session, session.stack),
    { settings, force },
  );
  return { objections, warnings: reporter.warnings(), asked };
}

test("credentials that last, and those without an end, are fine", async () => {
  for (const left of [undefined, 7200]) {
    expect(await check(left)).toMatchObject({ objections: [], warnings: [] });
  }
});

test("they are asked to last for a slow release as well", async () => {
  // Thirty minutes are the most that it may take, and three the way back.
  expect((await check(7200)).asked).toEqual([1980]);
});

test("less than the waits is an objection, with --force a warning", async () => {
  const { objections, warnings } = await check(600);
  expect(objections).toMatchObject([
    { canForce: true, what: expect.stringContaining("end in 10 min") },
  ]);
  expect(warnings).toEqual([]);
  expect(await check(600, { force: true })).toMatchObject({
    objections: [],
    warnings: [expect.stringContaining("rolls back before that")],
  });
});

test("enough for the waits alone is a warning", async () => {
  expect(await check(1500)).toMatchObject({
    objections: [],
    warnings: [
      "the AWS credentials end in 25 min; the release rolls back before that if it is not done. For new ones: aws sso login --profile work",
    ],
  });
});

test("temporary ones of which nothing says when they end: a warning for a long release only", async () => {
  expect((await check(undefined, { isTemporary: true })).warnings).toEqual([]);
  expect((await check(undefined, { isTemporary: true, bake: 3600 })).warnings).toEqual([
    expect.stringContaining("Set AWS_CREDENTIAL_EXPIRATION"),
  ]);
});
