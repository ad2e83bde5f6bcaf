import { expect, test } from "vitest";
import { withApiKey } from "./keyed-fetch.ts";

/** An address that accepts these keys. */
function address(valid: readonly string[], stored: readonly (string | undefined)[]) {
  const sent: (string | undefined)[] = [];
  const reads = [...stored];
  let read = 0;
  const fetcher: typeof fetch = async (_input, init) => {
    const headers = init?.headers as Readonly<Record<string, string>> | undefined;
    const key = headers?.["x-api-key"] ?? headers?.["X-Api-Key"];
    sent.push(key);
    return new Response("", { status: valid.includes(key ?? "") ? 200 : 401 });
  };
  const keyed = withApiKey(fetcher, async () => {
    read += 1;
    return reads.length > 1 ? reads.shift() : reads[0];
  });
  return { keyed, sent, reads: () => read };
}

test("each request has the key, which is read once", async () => {
  const { keyed, sent, reads } = address(["a"], ["a"]);
  expect((await keyed("http://x", { headers: { accept: "*/*" } })).status).toBe(200);
  expect((await keyed("http://x")).status).toBe(200);
  expect([sent, reads()]).toEqual([["a", "a"], 1]);
});

test("a key that has ended is read again, and the request repeated", async () => {
  const { keyed, sent } = address(["b"], ["a", "b"]);
  expect((await keyed("http://x")).status).toBe(200);
  expect((await keyed("http://x")).status).toBe(200);
  expect(sent).toEqual(["a", "b", "b"]);
});

test("the app's own 401 is not repeated", async () => {
  const { keyed, sent } = address([], ["a"]);
  expect((await keyed("http://x")).status).toBe(401);
  expect(sent).toEqual(["a"]);
});

test("a request's own key stays, and without a key there is no header", async () => {
  const own = address(["own"], ["a"]);
  expect((await own.keyed("http://x", { headers: { "X-Api-Key": "own" } })).status).toBe(200);
  const none = address([], [undefined]);
  expect((await none.keyed("http://x")).status).toBe(401);
  expect(none.sent).toEqual([undefined]);
});
