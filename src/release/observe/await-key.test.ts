import { expect, test } from "vitest";
import { fakeClock } from "../../../test/_helpers/fake-clock.ts";
import { awaitKey } from "./await-key.ts";

/** The last answer repeats. */
async function wait(wanted: "passes" | "refused", answers: readonly (number | "none")[]) {
  const left = [...answers];
  const clock = fakeClock();
  const keys = new Set<string | undefined>();
  const fetcher: typeof fetch = async (_input, init) => {
    const headers = init?.headers as Readonly<Record<string, string>> | undefined;
    keys.add(headers?.["x-api-key"]);
    const status = left.length > 1 ? left.shift() : left[0];
    if (status === "none") throw new TypeError("fetch failed");
    return new Response("", { status: status ?? 200 });
  };
  const signal = new AbortController().signal;
  const url = new URL("http://x/healthz");
  const effect = await awaitKey({ fetch: fetcher, clock }, url, "the-key", wanted, signal);
  expect([...keys]).toEqual(["the-key"]);
  return { effect, seconds: clock.slept.length };
}

test("three answers in a row count, because AWS WAF does not change everywhere at once", async () => {
  expect(await wait("passes", [401, 200, 401, 200, 200, 200])).toEqual({
    effect: "done",
    seconds: 5,
  });
});

test("a key that has ended is waited for in the same way, and only 401 is a refusal", async () => {
  expect((await wait("refused", [200, 503, 401])).effect).toBe("done");
  expect((await wait("passes", [404])).effect).toBe("done");
});

test("after three minutes it says that it has not seen it", async () => {
  expect(await wait("passes", [401])).toEqual({ effect: "late", seconds: 180 });
});

test("an address that does not answer here is not waited for", async () => {
  expect(await wait("passes", ["none"])).toEqual({ effect: "silent", seconds: 2 });
});
