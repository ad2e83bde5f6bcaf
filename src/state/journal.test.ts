import { expect, test } from "vitest";
import { createMemoryBucket, type StoreClient } from "../../test/_helpers/memory-store.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { openJournal, readJournal, TakenOverError } from "./journal.ts";

const bucket = createMemoryBucket;
let seconds = 0;
/** No two notes of one run are of the same moment. */
const now = (): Date => {
  seconds += 1;
  return new Date(seconds * 1000);
};

test("it says which step was begun, which was done, and at the end the outcome", async () => {
  const store = bucket().connect();
  expect(await readJournal(store)).toBeUndefined();
  const journal = await openJournal(store, plan(), now);
  await journal.write("point", "begun");
  expect(await readJournal(store)).toMatchObject({
    release: 8,
    step: "point",
    phase: "begun",
    outcome: null,
  });
  await journal.write("point", "done");
  await journal.close("succeeded");
  expect(await readJournal(store)).toMatchObject({
    step: "point",
    phase: "done",
    outcome: "succeeded",
    plan: plan(),
  });
});

test("opening it changes nothing, so that a run that ends before its first step leaves none", async () => {
  const store = bucket().connect();
  await openJournal(store, plan(), now);
  expect(await readJournal(store)).toBeUndefined();
});

test("the next release writes over a finished one", async () => {
  const store = bucket().connect();
  await (await openJournal(store, plan(), now)).close("succeeded");
  const next = await openJournal(store, plan({ release: 9 }), now);
  await next.write("claim", "begun");
  expect(await readJournal(store)).toMatchObject({ release: 9, outcome: null });
});

test.each(["while it works", "before its first step"])(
  "a run that is taken over %s stops at its next note, and writes nothing over the other's",
  async (when) => {
    const store = bucket().connect();
    const slow = await openJournal(store, plan(), now);
    if (when === "while it works") await slow.write("claim", "begun");
    const other = await openJournal(store, plan(), now);
    await other.write("put-back", "begun");
    await expect(slow.write("clear", "begun")).rejects.toThrow(TakenOverError);
    await expect(slow.close("succeeded")).rejects.toMatchObject({ exitCode: 5 });
    expect(await readJournal(store)).toMatchObject({ step: "put-back", outcome: null });
    await other.write("put-back", "done");
  },
);

test("a journal that was removed meanwhile is another run's doing too", async () => {
  const store = bucket().connect();
  const journal = await openJournal(store, plan(), now);
  await journal.write("claim", "begun");
  await store.removeAll("");
  await expect(journal.write("claim", "done")).rejects.toThrow(TakenOverError);
});

/** A run whose requests fail after their effect as long as `lost` says so. */
function losing() {
  const memory = bucket();
  const state = { lost: false, requests: 0 };
  const turn: StoreClient["turn"] = async () => {
    state.requests += 1;
    if (state.lost && state.requests % 2 === 0) throw new Error("socket hang up");
  };
  return { state, mine: memory.connect({ turn }), others: memory.connect() };
}

test("a note whose answer was lost is the run's own, and it continues", async () => {
  const { state, mine, others } = losing();
  const journal = await openJournal(mine, plan(), now);
  await journal.write("claim", "begun");
  state.lost = true;
  await expect(journal.write("claim", "done")).rejects.toThrow("socket hang up");
  // Refused, because the one before has arrived; what is there is read, and that answer is lost as well.
  await expect(journal.write("clear", "begun")).rejects.toThrow("socket hang up");
  state.lost = false;
  await journal.write("clear", "done");
  await journal.close("succeeded");
  expect(await readJournal(others)).toMatchObject({ step: "clear", outcome: "succeeded" });
});

test("a lost answer does not hide that another run has taken over since", async () => {
  const { state, mine, others } = losing();
  const journal = await openJournal(mine, plan(), now);
  state.lost = true;
  await expect(journal.write("claim", "begun")).rejects.toThrow("socket hang up");
  state.lost = false;
  const other = await openJournal(others, plan(), now);
  await other.write("withdraw-probe", "begun");
  await expect(journal.write("claim", "done")).rejects.toThrow(TakenOverError);
});

test("a note that the SDK sent twice, because its answer was lost, meets itself", async () => {
  const memory = bucket();
  const journal = await openJournal(memory.connect({ repeats: () => true }), plan(), now);
  await journal.write("claim", "begun");
  await journal.write("claim", "done");
  expect(await readJournal(memory.connect())).toMatchObject({ step: "claim", phase: "done" });
});

test("a journal of an unknown format, and a damaged one, are refused with a way out", async () => {
  const memory = bucket();
  const store = memory.connect();
  const journal = await openJournal(store, plan(), now);
  await journal.write("bake", "begun");
  const text = memory.read("journal.json") ?? "";
  memory.write("journal.json", text.replace('"schema_version":1', '"schema_version":2'));
  await expect(readJournal(store)).rejects.toMatchObject({
    message: expect.stringContaining("format that this infer-deploy does not know"),
    next: expect.stringContaining("update infer-deploy"),
  });
  memory.write("journal.json", text.replace('"step":"bake",', ""));
  await expect(readJournal(store)).rejects.toMatchObject({
    message: expect.stringContaining("is damaged"),
    why: expect.stringContaining("step"),
  });
});
