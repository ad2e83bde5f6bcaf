import assert from "node:assert/strict";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import type { ErrorBody } from "../src/api-error.ts";
import { startHttp } from "./http-fixture.ts";

/** Sends bytes as they are, and all of them before it reads, as some clients do. Status 0 when the connection ends without an answer. */
async function send(
  bytes: string | Buffer,
  env: Record<string, string> = {},
): Promise<{ readonly status: number; readonly error?: ErrorBody["error"] }> {
  const { app } = startHttp(env);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
  try {
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const end = (): void => resolve(text);
      socket.setTimeout(8000, end).on("error", end).on("close", end);
      socket.write(bytes, () => {
        socket.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          if (text.endsWith("}}")) end();
        });
      });
    });
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    const status = Number(head.split(" ")[1] ?? 0);
    return body === "" ? { status } : { status, ...(JSON.parse(body) as ErrorBody) };
  } finally {
    socket.destroy();
    app.server.closeAllConnections();
    await app.close();
  }
}

const host = "Host: localhost\r\n";
const post = `POST /v1/embeddings HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;

for (const [what, bytes, status, code] of [
  ["an unknown method", `FETCH / HTTP/1.1\r\n${host}\r\n`, 400, "bad_request"],
  ["a header without a name", `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`, 400, "bad_request"],
  ["no Host header", "GET /version HTTP/1.1\r\n\r\n", 400, "bad_request"],
  ["garbage", "\x16\x03\x01\x02\r\n\r\n", 400, "bad_request"],
  [
    "headers of 20 KB",
    `GET / HTTP/1.1\r\n${host}X: ${"a".repeat(20_000)}\r\n\r\n`,
    431,
    "bad_request",
  ],
  ["an expectation", `${post}Expect: tea\r\nContent-Length: 2\r\n\r\n{}`, 417, "bad_request"],
] as const) {
  test(`${what}: ${status} in OpenAI's form`, async () => {
    const answer = await send(bytes);
    assert.equal(answer.status, status);
    assert.equal(answer.error?.type, "invalid_request_error");
    assert.equal(answer.error.code, code);
  });
}

test("a caller that sends all of a large body before it reads gets its 413", async () => {
  const body = Buffer.alloc(20_000_000, "a");
  for (const head of [
    `${post}Content-Length: ${body.length}\r\n\r\n`,
    `${post}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
  ]) {
    const answer = await send(Buffer.concat([Buffer.from(head), body]), { MAX_BODY_BYTES: "1000" });
    assert.deepEqual([answer.status, answer.error?.code], [413, "body_too_large"]);
  }
});
