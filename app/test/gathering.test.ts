import assert from "node:assert/strict";
import { test } from "node:test";
import { createGathering } from "../src/gathering.ts";
import { embed, settle, start } from "./inference-fixture.ts";

function world() {
  const clock = { now: 100 };
  return { clock, gathering: createGathering(() => clock.now) };
}

test("it waits for no caller before one was answered, or when all have come back", () => {
  const { gathering } = world();
  gathering.arrived();
  assert.equal(gathering.left(), 0);
  gathering.answered(1, 5);
  gathering.arrived();
  assert.equal(gathering.left(), 0, "who comes alone runs at once");
});

test("those who were answered are waited for, a quarter of their run and 5 ms at most", () => {
  const { clock, gathering } = world();
  gathering.answered(3, 8);
  assert.equal(gathering.left(), 2);
  clock.now += 0.75;
  gathering.arrived();
  assert.equal(gathering.left(), 1.25);
  clock.now += 1.25;
  assert.equal(gathering.left(), 0);
  clock.now -= 1;
  assert.equal(gathering.left(), 0, "it does not wait again for a caller who did not come back");
  gathering.answered(64, 80);
  assert.equal(gathering.left(), 5);
});

test("it rarely waits where no caller comes back, and waits again once they do", () => {
  const { clock, gathering } = world();
  const round = (isBack: boolean): boolean => {
    gathering.answered(1, 8);
    const isAwaited = gathering.left() > 0;
    clock.now += isBack ? 0.5 : 50;
    gathering.arrived();
    return isAwaited;
  };
  const awaited = (rounds: number, isBack: boolean): number =>
    Array.from({ length: rounds }, () => round(isBack)).filter(Boolean).length;
  awaited(100, false);
  assert.equal(awaited(160, false), 10);
  awaited(400, true);
  assert.equal(awaited(50, true), 50);
});

test("what waits runs together with what comes in time, and runs without it otherwise", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const wait = { left: 3 };
  const gathering = { answered: () => undefined, arrived: () => undefined, left: () => wait.left };
  const { inference, workers } = start({ gathering });
  const first = embed(inference, ["a"]);
  await settle();
  assert.equal(workers.batches.length, 0);
  const second = embed(inference, ["b"]);
  await settle();
  wait.left = 0;
  t.mock.timers.tick(3);
  await settle();
  assert.deepEqual(
    workers.batches.map((texts) => texts.length),
    [2],
  );
  workers.finish();
  await Promise.all([first, second]);
});

test("a full batch does not wait", async () => {
  const gathering = { answered: () => undefined, arrived: () => undefined, left: () => 1000 };
  const { inference, workers } = start({ gathering });
  const texts = embed(
    inference,
    Array.from({ length: 8 }, (_, index) => `${index}12345678`),
  );
  await settle();
  assert.equal(workers.batches.length, 1);
  while (workers.running > 0) {
    workers.finish();
    gathering.left = () => 0;
    await settle();
  }
  await texts;
});
