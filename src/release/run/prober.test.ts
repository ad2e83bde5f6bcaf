import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Probe } from "../strategy/machine.ts";
import { createProber } from "./prober.ts";

/** The test answers each probe itself, and ends the prober's patience itself. */
function start() {
  const sent: { readonly token: string | null; readonly answer: (detail: string) => void }[] = [];
  let endPatience = (): void => undefined;
  let time = 0;
  const prober = createProber(
    async (token) =>
      new Promise((resolve) => {
        const by = token === null ? "address" : "rule";
        const answer = (detail: string): void => {
          resolve({ by, good: true, version: null, detail });
        };
        sent.push({ token, answer });
      }),
    "secret",
    {
      now: () => new Date(time),
      sleep: async () =>
        new Promise((resolve) => {
          endPatience = resolve;
        }),
    },
  );
  const pass = (milliseconds: number): void => void (time += milliseconds);
  return { prober, sent, pass, endPatience: () => endPatience() };
}

const both = { rule: true, address: true };
const never = new AbortController().signal;
const details = (probes: readonly Probe[]) => probes.map(({ by, detail }) => `${by} ${detail}`);

test("quick probes are part of the same look", async () => {
  const { prober, sent } = start();
  const look = prober.collect(both, "bake", never);
  expect(sent.map(({ token }) => token)).toEqual(["secret", null]);
  sent[0]?.answer("one");
  sent[1]?.answer("two");
  expect(details(await look)).toEqual(["rule one", "address two"]);
});

test("a slow probe does not delay the look, is not sent twice, and is reported when it is back", async () => {
  const { prober, sent, endPatience } = start();
  const first = prober.collect(both, "bake", never);
  sent[1]?.answer("quick");
  endPatience();
  expect(details(await first)).toEqual(["address quick"]);
  const second = prober.collect(both, "bake", never);
  expect(sent.map(({ token }) => token)).toEqual(["secret", null, null]);
  sent[0]?.answer("slow");
  sent[2]?.answer("quick");
  expect(details(await second)).toEqual(["rule slow", "address quick"]);
});

test("a probe from an earlier step does not count in this one", async () => {
  const { prober, sent, endPatience } = start();
  const first = prober.collect({ rule: true, address: false }, "probe", never);
  endPatience();
  await first;
  sent[0]?.answer("slow");
  const second = prober.collect({ rule: false, address: true }, "bake", never);
  sent[1]?.answer("new");
  expect(details(await second)).toEqual(["address new"]);
});

test("a probe that was aborted with the release does not count as bad", async () => {
  const { prober, sent, endPatience } = start();
  const stop = new AbortController();
  const first = prober.collect({ rule: false, address: true }, "bake", stop.signal);
  stop.abort();
  sent[0]?.answer("aborted");
  endPatience();
  expect(await first).toEqual([]);
});

test("each probe has the time that its answer took", async () => {
  const { prober, sent, pass } = start();
  const look = prober.collect(both, "bake", never);
  pass(12);
  sent[0]?.answer("quick");
  await setImmediate();
  pass(100);
  sent[1]?.answer("slow");
  expect((await look).map(({ milliseconds }) => milliseconds)).toEqual([12, 112]);
});
