import { expect, test } from "vitest";
import { createKeyring, type Keys } from "./keyring.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** A source whose keys last `seconds` from the moment that they are loaded. */
function source(seconds: number | undefined, failing = () => false) {
  let now = start;
  let loads = 0;
  const ring = createKeyring(
    async (): Promise<Keys> => {
      loads += 1;
      await Promise.resolve();
      if (failing()) throw new Error("the source is gone");
      return {
        accessKeyId: `key-${loads}`,
        secretAccessKey: "s",
        ...(seconds === undefined ? {} : { expiration: new Date(now + seconds * 1000) }),
      };
    },
    () => now,
  );
  return {
    ring,
    loads: () => loads,
    pass: (by: number) => {
      now += by * 1000;
    },
  };
}

async function arrivals(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("however many clients ask at once, the source is asked once", async () => {
  const { ring, loads } = source(3600);
  await Promise.all([ring.keys(), ring.keys(), ring.lasting(600), ring.keys()]);
  await ring.keys();
  expect(loads()).toBe(1);
});

test("keys without an end are loaded once for good", async () => {
  const { ring, loads, pass } = source(undefined);
  await ring.keys();
  pass(1_000_000);
  await ring.keys();
  expect(ring.secondsLeft(3600)).toBeUndefined();
  expect(loads()).toBe(1);
});

test("five minutes before their end keys are renewed, without a wait", async () => {
  const { ring, pass } = source(3600);
  await ring.keys();
  pass(3400);
  expect(await ring.keys()).toMatchObject({ accessKeyId: "key-1" });
  await arrivals();
  expect(await ring.keys()).toMatchObject({ accessKeyId: "key-2" });
});

test("after their end the new ones are waited for", async () => {
  const { ring, pass } = source(3600);
  await ring.keys();
  pass(3700);
  expect(await ring.keys()).toMatchObject({ accessKeyId: "key-2" });
});

test("a source that cannot renew is asked once a minute, and the keys stay", async () => {
  let isGone = false;
  const { ring, loads, pass } = source(3600, () => isGone);
  await ring.keys();
  isGone = true;
  pass(3400);
  for (let second = 0; second < 100; second += 1) {
    expect(await ring.keys()).toMatchObject({ accessKeyId: "key-1" });
    await arrivals();
    pass(1);
  }
  expect(loads()).toBe(3);
  pass(200);
  expect(await ring.keys()).toMatchObject({ accessKeyId: "key-1" });
});

test("a source that fails at the first call is an error, and may be asked again", async () => {
  let isGone = true;
  const { ring } = source(3600, () => isGone);
  await expect(ring.keys()).rejects.toThrow("the source is gone");
  isGone = false;
  expect(await ring.keys()).toMatchObject({ accessKeyId: "key-2" });
});

test("keys that must last are renewed first, if that helps", async () => {
  const { ring, pass, loads } = source(3600);
  await ring.keys();
  pass(3000);
  expect(await ring.lasting(300)).toMatchObject({ accessKeyId: "key-1" });
  expect(await ring.lasting(1200)).toMatchObject({ accessKeyId: "key-2" });
  pass(61);
  expect(await ring.lasting(7200)).toMatchObject({ accessKeyId: "key-3" });
  expect(loads()).toBe(3);
});

test("who asks how long they last has them renewed in time", async () => {
  const { ring, pass, loads } = source(3600);
  await ring.keys();
  expect(ring.secondsLeft(600)).toBe(3600);
  pass(2800);
  expect(ring.secondsLeft(600)).toBe(800);
  await arrivals();
  expect(ring.secondsLeft(600)).toBe(3600);
  expect(loads()).toBe(2);
});
