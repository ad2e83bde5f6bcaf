import { expect, test } from "vitest";
import { pauseWorld } from "../../../test/_helpers/pause-world.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { CommandError } from "../../errors/command-error.ts";
import { InterruptedError } from "../../errors/interrupted-error.ts";
import { openJournal } from "../../state/journal.ts";
import { sizeToWake, wakeUp } from "./wake.ts";

const wish = { force: false, minimum: undefined, seconds: 30 };

async function failureOf(work: Promise<unknown>): Promise<CommandError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof CommandError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

test("a version that does not start stays behind the answer, and --force lets users in", async () => {
  const world = pauseWorld();
  await world.run("sleep");
  const crash = {
    state: "crashed",
    detail: "exit code 1",
    log_tail: ["boom"],
    restarts: 2,
  } as const;
  world.stack.bad.set(7, crash);
  const failed = await failureOf(world.run("wake"));
  expect(failed.message).toBe("v7 does not start: the container crashes: exit code 1.");
  expect([failed.exitCode, failed.detail]).toEqual([1, ["boom"]]);
  expect(failed.next).toContain("infer-deploy wake --force");
  expect(world.pause()?.sleep).toMatchObject({ goal: "awake", size: { min: 2, desired: 2 } });
  expect(world.stack.pause).not.toBeNull();
  const forced = await wakeUp(world.depsWith(), stackRecord(), { ...wish, force: true });
  expect(forced).toEqual({ pause: undefined, seen: "late" });
  expect([world.pause(), world.stack.pause]).toEqual([undefined, null]);
});

test("a start that takes too long ends with 4, and sleep leads back", async () => {
  const world = pauseWorld({ startMilliseconds: 3_600_000 });
  await world.run("sleep");
  const late = await failureOf(world.run("wake"));
  expect([late.exitCode, late.message]).toEqual([
    4,
    expect.stringMatching(/^v7 was not healthy after 1 min/),
  ]);
  await world.run("sleep");
  expect(world.pause()?.sleep?.goal).toBe("asleep");
  expect(world.stack.instances).toEqual([]);
});

test("Ctrl-C between two changes leaves the record of what is wanted, and no instance without the answer", async () => {
  const world = pauseWorld({
    onCall: () => {
      if (world.stack.pause !== null) world.press();
    },
  });
  await expect(world.run("sleep")).rejects.toBeInstanceOf(InterruptedError);
  expect(world.pause()?.sleep?.goal).toBe("asleep");
  expect([world.stack.pause?.body, world.stack.instances.length]).toEqual([
    expect.stringContaining("switched off"),
    2,
  ]);
});

test("policies rest until users have the service again", async () => {
  const world = pauseWorld();
  await world.run("sleep");
  expect(world.stack.scaling).toEqual({ blue: false, green: false });
  world.stack.calls.length = 0;
  await world.run("wake");
  const calls = world.stack.calls.filter((call) =>
    /setScaling|barrier\.open|fleet\.scale/.test(call),
  );
  expect(calls).toEqual(["fleet.setScaling", "fleet.scale", "barrier.open", "fleet.setScaling"]);
  expect(world.stack.scaling).toEqual({ blue: true, green: false });
});

test("maintenance outlives a night: users get its message before, during and after", async () => {
  const world = pauseWorld();
  await world.run("maintenance on");
  const body = world.stack.pause?.body;
  await world.run("sleep");
  expect(world.stack.pause?.body).toBe(body);
  const awake = await world.run("wake");
  expect(awake.pause).toMatchObject({ sleep: null, maintenance: { who: "ada@laptop" } });
  expect(world.stack.pause?.body).toBe(body);
  expect(await world.run("maintenance off")).toEqual({ pause: undefined, seen: "seen" });
});

test("a stack whose release was interrupted neither sleeps nor wakes before the repair", async () => {
  const world = pauseWorld();
  const { store } = world.depsWith();
  const journal = await openJournal(store, plan(), () => world.clock.now());
  await journal.write("bake", "begun");
  for (const verb of ["sleep", "wake"] as const) {
    const refused = await failureOf(world.run(verb));
    expect(refused.message).toBe('Release 8 was interrupted at "bake".');
    expect(refused.next).toBe(`infer-deploy rollback, which undoes it; then infer-deploy ${verb}`);
  }
  expect([world.pause(), world.stack.instances.length]).toEqual([undefined, 2]);
});

test.each([
  ["the former size", { min: 2, desired: 2 }, undefined, 4, { min: 2, desired: 2 }],
  ["what a policy had added", { min: 2, desired: 3 }, undefined, 4, { min: 2, desired: 3 }],
  ["a schedule's minimum of now", { min: 4, desired: 4 }, 1, 4, { min: 1, desired: 1 }],
  ["a schedule's higher one", { min: 1, desired: 2 }, 3, 4, { min: 3, desired: 3 }],
  ["a maximum that was lowered", { min: 3, desired: 4 }, undefined, 2, { min: 2, desired: 2 }],
])("it wakes with %s", (_, before, minimum, max, size) => {
  expect(sizeToWake(before, minimum, max)).toEqual(size);
});
