import { expect, test } from "vitest";
import { next } from "../../../test/_helpers/release-world.ts";
import { sessionWorld } from "../../../test/_helpers/session-world.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { reportEnd } from "./report-end.ts";

const finished = "2026-01-01T01:05:00.000Z";

/** The hooks that ran, and the facts of the last one. */
async function hooks(
  record: ReleaseRecord | undefined,
  end: Parameters<typeof reportEnd>[2],
): Promise<{ readonly names: readonly string[]; readonly facts: unknown }> {
  const { session, ran } = sessionWorld();
  await reportEnd(session, { record }, end);
  return { names: ran.map(({ name }) => name), facts: ran.at(-1)?.facts };
}

test("a release that went well: post-release, with everything that a hook may want to say", async () => {
  const record = next({ outcome: "succeeded", finished, message: "new tokenizer" });
  const { names, facts } = await hooks(record, { record });
  expect(names).toEqual(["post-release"]);
  expect(facts).toEqual({
    name: "app",
    environment: "production",
    region: "eu-west-1",
    url: "http://app.example",
    version: "v8",
    digest: "sha256:88",
    image: "registry/app@sha256:88",
    release: 8,
    previousVersion: "v7",
    colour: "green",
    strategy: "blue-green",
    outcome: "succeeded",
    reason: undefined,
    who: "ada@laptop",
    message: "new tokenizer",
    command: "release",
  });
});

test("a rollback that went well is an on-rollback too", async () => {
  const record = next({ kind: "rollback", outcome: "succeeded", finished });
  expect((await hooks(record, { record })).names).toEqual(["post-release", "on-rollback"]);
});

test("a release that was rolled back: on-rollback, then on-failure, with the record's reason", async () => {
  const record = next({ outcome: "rolled-back", reason: "the alarm errors went off", finished });
  const { names, facts } = await hooks(record, { error: new Error("v8 was rolled back") });
  expect(names).toEqual(["on-rollback", "on-failure"]);
  expect(facts).toMatchObject({ reason: "the alarm errors went off", outcome: "rolled-back" });
});

test("a rollback that failed rolled nothing back", async () => {
  const record = next({ kind: "rollback", outcome: "failed", finished });
  expect((await hooks(record, { error: new Error("no") })).names).toEqual(["on-failure"]);
});

test("one that was refused before it began has no record, and its reason is the error", async () => {
  const { names, facts } = await hooks(undefined, { error: new Error("The stack is locked.") });
  expect(names).toEqual(["on-failure"]);
  expect(facts).toMatchObject({ reason: "The stack is locked.", version: undefined });
});

test("one that had begun and whose end is unknown is a failure, not a rollback", async () => {
  const { names, facts } = await hooks(next(), { error: "AWS is away" });
  expect(names).toEqual(["on-failure"]);
  expect(facts).toMatchObject({ reason: "AWS is away", version: "v8", release: 8 });
});
