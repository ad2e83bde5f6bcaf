import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { address, next, releaseWorld } from "../../../test/_helpers/release-world.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { settleRelease } from "../../config/schema/release.ts";
import { recover } from "../recover.ts";
import { execute } from "./execute.ts";

const { probe } = settleRelease({}, "/healthz");
const rollout = { plan: plan(), record: next(), probe, address };

/** A bucket that refuses a release's last record, or the note that closes its journal, until it is repaired. */
function lastWrites(broken: "record" | "journal") {
  let refuses = true;
  const written: string[] = [];
  const world: ReturnType<typeof releaseWorld> = releaseWorld({
    weather: (call, when, key) => {
      if (call !== "store.put" || when === "after") return;
      const isLast =
        broken === "record"
          ? key === "releases/0008.json" && world.record(8) !== undefined
          : key === "journal.json" && world.record(8)?.finished !== null;
      if (refuses && isLast) throw awsFailure("InternalError", "We made a mistake", "r-42");
      written.push(key);
    },
  });
  const repair = (): void => {
    refuses = false;
    written.length = 0;
  };
  return { world, written, repair };
}

const refusal = {
  exitCode: 1,
  message: expect.stringMatching(/^The (record|journal) of release 8/),
  why: expect.stringContaining("We made a mistake (AWS request r-42)"),
  next: expect.stringContaining("infer-deploy status"),
};

test("a last record that cannot be written is an error with the next step; the journal stays open, and the traffic where it is", async () => {
  const { world } = lastWrites("record");
  await expect(execute(world.deps, rollout)).rejects.toMatchObject(refusal);
  expect(world.record(8)).toMatchObject({ outcome: "in-progress", finished: null });
  expect(world.journal()).toMatchObject({ release: 8, outcome: null });
  expect(world.stack.weights).toEqual({ blue: 0, green: 100 });
});

test("a first record that cannot be written says that nothing was changed", async () => {
  const world = releaseWorld({
    weather: (call, when, key) => {
      if (call === "store.put" && when === "before" && key === "releases/0008.json") {
        throw awsFailure("AccessDenied", "Access Denied", "r-42");
      }
    },
  });
  await expect(execute(world.deps, rollout)).rejects.toMatchObject({
    message: "The record of release 8 (v8) could not be written.",
    where: "releases/0008.json",
    why: expect.stringContaining("AWS request r-42"),
    next: "nothing was changed; run the same command again",
  });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
});

test("the next command writes the record that is missing, and does not turn the release back", async () => {
  const { world, repair } = lastWrites("record");
  await expect(execute(world.deps, rollout)).rejects.toMatchObject(refusal);
  repair();
  const recovered = await recover(world.deps, { probe, address });
  expect(recovered).toMatchObject({ ending: { outcome: "succeeded", stuck: false } });
  expect(world.record(8)).toMatchObject({
    outcome: "succeeded",
    reason: null,
    finished: world.clock.now().toISOString(),
  });
  expect(world.journal()).toMatchObject({ outcome: "succeeded" });
  expect(world.stack.weights).toEqual({ blue: 0, green: 100 });
});

test("a journal that cannot be closed is an error with the next step; the record has its end already", async () => {
  const { world } = lastWrites("journal");
  await expect(execute(world.deps, rollout)).rejects.toMatchObject(refusal);
  expect(world.record(8)).toMatchObject({ outcome: "succeeded", finished: expect.any(String) });
  expect(world.journal()).toMatchObject({ outcome: null });
});

test("the next command closes the journal, and leaves the record with its time", async () => {
  const { world, repair } = lastWrites("journal");
  await expect(execute(world.deps, rollout)).rejects.toMatchObject(refusal);
  const before = world.record(8);
  await world.clock.sleep(60_000);
  repair();
  await recover(world.deps, { probe, address });
  expect(world.record(8)).toEqual(before);
  expect(world.journal()).toMatchObject({ outcome: "succeeded" });
  expect(world.stack.weights).toEqual({ blue: 0, green: 100 });
});

test.each(["record", "journal"] as const)(
  "once the %s is repaired, a second repair writes nothing",
  async (broken) => {
    const { world, written, repair } = lastWrites(broken);
    await expect(execute(world.deps, rollout)).rejects.toMatchObject(refusal);
    repair();
    await recover(world.deps, { probe, address });
    expect(written).toContain("journal.json");
    repair();
    expect(await recover(world.deps, { probe, address })).toBeUndefined();
    expect(written).toEqual([]);
  },
);

test("after a bad release, a record that cannot be written hides neither why it failed nor brings its traffic back", async () => {
  const { world, repair } = lastWrites("record");
  const detail = "exit code 1";
  world.stack.bad.set(8, { state: "crashed", detail, log_tail: [], restarts: 2 });
  const { ending } = await execute(world.deps, rollout);
  const failure = { cause: "the container crashes: exit code 1" };
  expect(ending).toMatchObject({ outcome: "rolled-back", failure });
  expect(world.reporter.warnings()).toEqual([
    expect.stringMatching(/^the record of release 8 could not be written, .*\(AWS request r-42\)/),
  ]);
  expect(world.journal()).toMatchObject({ outcome: null });
  repair();
  await recover(world.deps, { probe, address });
  expect(world.record(8)).toMatchObject({ outcome: "rolled-back", reason: failure.cause });
  expect(world.journal()?.outcome).toBe("rolled-back");
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.stack.of("green")).toEqual([]);
});
