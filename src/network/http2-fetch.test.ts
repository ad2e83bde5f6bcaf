import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { connect, type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { callGrpc } from "./grpc-call.ts";
import { createHttp2Fetch } from "./http2-fetch.ts";

const servers: Http2Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** `fetch` to a server of HTTP/2 on loopback that answers by `answer`. */
async function fetchFrom(
  answer: (stream: ServerHttp2Stream, asked: Asked) => void,
): Promise<typeof fetch> {
  const server = createServer();
  server.on("stream", (stream, headers) => {
    void buffer(stream).then((body) => {
      const { ":method": method = "", ":path": path = "" } = headers;
      answer(stream, { method, path, headers, body });
    });
    stream.on("error", () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return createHttp2Fetch(async () => connect(port, "127.0.0.1"));
}

/** Headers, messages, and the code in the trailers, as a server ends a call. */
function endCall(stream: ServerHttp2Stream, code: number, words = ""): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": code, "grpc-message": words });
  });
  stream.end(Buffer.from([0, 0, 0, 0, 0]));
}

const url = new URL("https://api.example.com/shout.Shout/Say?a=1");
const soon = () => ({ signal: AbortSignal.timeout(2000) });

test("a request is HTTP/2's, and its answer is fetch's", async () => {
  const fetcher = await fetchFrom((stream, { method, path, headers, body }) => {
    stream.respond({ ":status": 418, "x-a": "1" });
    stream.end(JSON.stringify([method, path, headers["x-b"], headers[":authority"], String(body)]));
  });
  const answer = await fetcher(url, { method: "POST", headers: { "x-b": "2" }, body: "hello" });
  expect([answer.status, answer.headers.get("x-a")]).toEqual([418, "1"]);
  expect(await answer.json()).toEqual([
    "POST",
    "/shout.Shout/Say?a=1",
    "2",
    "api.example.com",
    "hello",
  ]);
});

test("a call sends one message, and reads its code in the trailers", async () => {
  let asked: Asked | undefined;
  const fetcher = await fetchFrom((stream, one) => {
    asked = one;
    endCall(stream, 0);
  });
  const call = { message: "\n\u0005hello", headers: { "x-a": "1" }, ...soon() };
  expect(await callGrpc(fetcher, url, call)).toEqual({
    code: 0,
    detail: "answered with code 0",
  });
  expect(asked?.headers).toMatchObject({
    "content-type": "application/grpc",
    te: "trailers",
    "x-a": "1",
  });
  expect([...(asked?.body ?? [])]).toEqual([0, 0, 0, 0, 7, 10, 5, ...Buffer.from("hello")]);
});

test("a failed call has its code and words, also when all is in the headers", async () => {
  const words = "no%20model";
  const late = await fetchFrom((stream) => {
    endCall(stream, 14, words);
  });
  const failed = { code: 14, detail: "answered with code 14: no model" };
  expect(await callGrpc(late, url, soon())).toEqual(failed);
  const early = await fetchFrom((stream) => {
    stream.respond(
      { ":status": 200, "grpc-status": 14, "grpc-message": words },
      { endStream: true },
    );
  });
  expect(await callGrpc(early, url, soon())).toEqual(failed);
});

test("an answer that is not gRPC's has no code", async () => {
  const fetcher = await fetchFrom((stream) => {
    stream.respond({ ":status": 503 });
    stream.end("maintenance");
  });
  expect(await callGrpc(fetcher, url, soon())).toEqual({ code: null, detail: "answered 503" });
});

test("a server that does not answer ends with the signal's reason, one that hangs up with an error", async () => {
  const silent = await fetchFrom(() => undefined);
  await expect(silent(url, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: "TimeoutError",
  });
  const rude = await fetchFrom((stream) => {
    stream.session?.destroy();
  });
  await expect(rude(url, soon())).rejects.toThrow("the connection ended before the answer");
});
