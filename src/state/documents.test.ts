import { expect, test } from "vitest";
import { createMemoryBucket } from "../../test/_helpers/memory-store.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { agent, release, stackRecord } from "../../test/_helpers/rollout-values.ts";
import type { CommandError } from "../errors/command-error.ts";
import { readAgentState } from "./reports/agent-state.ts";
import { readJournal, type JournalDocument } from "./journal.ts";
import type { ObjectStore } from "./object-store.ts";
import { readRelease, readReleases } from "./release-history.ts";
import { readStackRecord } from "./stack-record.ts";

const journal: JournalDocument = {
  schema_version: 1,
  release: 8,
  plan: plan(),
  step: "bake",
  phase: "begun",
  at: "2026-01-01T00:00:00.000Z",
  outcome: null,
};

/** Every document that the CLI reads from the bucket: its key, a good value, and its reader. */
const documents: readonly (readonly [string, object, (store: ObjectStore) => Promise<unknown>])[] =
  [
    ["stack.json", stackRecord(), async (store) => readStackRecord(store)],
    ["journal.json", journal, async (store) => readJournal(store)],
    ["releases/0007.json", release(), async (store) => readRelease(store, 7)],
    [
      "releases/0007.json",
      release({ replaces: { release: 6, version: "v6" }, strategy: "canary" }),
      async (store) => (await readReleases(store))[0],
    ],
    ["agents/i-1.json", agent(), async (store) => readAgentState(store, "i-1")],
  ];

async function refusal(
  key: string,
  value: unknown,
  read: (store: ObjectStore) => Promise<unknown>,
) {
  const bucket = createMemoryBucket();
  bucket.write(key, JSON.stringify(value));
  return read(bucket.connect()).then(
    () => expect.fail("it was read"),
    (error: unknown) => error as CommandError,
  );
}

test.each(documents)("%s is read back as it was written", async (key, value, read) => {
  const bucket = createMemoryBucket();
  bucket.write(key, JSON.stringify(value));
  expect(await read(bucket.connect())).toEqual(value);
});

test.each(documents)(
  "%s in a newer format is refused with the next step",
  async (key, value, read) => {
    const error = await refusal(key, { ...value, schema_version: 2 }, read);
    expect(error.message).toContain(key);
    expect(error.why).toBe("its schema_version is 2; this infer-deploy reads 1");
    expect(error.next).toContain("npm install --global infer-deploy@latest");
  },
);

test.each(documents)("a damaged %s is refused, never half read", async (key, value, read) => {
  const field = Object.keys(value).find((name) => name !== "schema_version") ?? "";
  const { [field]: _, ...rest } = value as Record<string, unknown>;
  const error = await refusal(key, rest, read);
  expect(error.message).toBe(`${key} in the state bucket is damaged.`);
  expect(error.why).toContain(field);
  expect(error.next).not.toBe("");
  expect(await refusal(key, "gibberish", read)).toMatchObject({ where: key });
});

test("a later version's fields survive when the record is written back", async () => {
  const bucket = createMemoryBucket();
  const later = { ...release(), cost_per_hour: 1.5 };
  bucket.write("releases/0007.json", JSON.stringify(later));
  expect(await readRelease(bucket.connect(), 7)).toEqual(later);
});
