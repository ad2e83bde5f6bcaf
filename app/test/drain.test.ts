import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type AddressInfo, type Socket, connect } from "node:net";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { startHttp } from "./http-fixture.ts";

// Far below what a connection that is waited for takes (30 to 75 s), far above what these tests need.
const timeout = 20_000;

test(
  "closing finishes the requests in flight and takes no new connections",
  { timeout },
  async (context) => {
    const { app, inference } = startHttp();
    const port = await listen(app, context);
    inference.hold();
    const inFlight = post(port);
    while (inference.calls.length === 0) await setImmediate();

    const closed = app.close();
    await untilRefused(port);

    inference.release();
    const answer = await inFlight;
    assert.equal(answer.statusCode, 200);
    // A connection kept alive would hold the process until its time-out.
    assert.equal(answer.headers.connection, "close");
    await closed;
  },
);

test(
  "closing does not wait for connections that are idle or never said anything",
  { timeout },
  async (context) => {
    const { app } = startHttp();
    const port = await listen(app, context);
    const silent = connect(port, "127.0.0.1");
    const silentClosed = once(silent, "close");
    await once(silent, "connect");
    const agent = new Agent({ keepAlive: true });
    const answer = await post(port, agent);
    assert.equal(answer.headers.connection, "keep-alive");

    await app.close();
    await silentClosed;
    agent.destroy();
  },
);

test(
  "a request over an open connection is answered during the drain, and readiness is gone",
  { timeout },
  async (context) => {
    const { app, inference } = startHttp();
    const port = await listen(app, context);
    inference.hold();
    const first = post(port);
    while (inference.calls.length === 0) await setImmediate();
    // Its headers are on their way when closing begins; the rest comes later.
    const late = connect(port, "127.0.0.1");
    late.write("GET /readyz HTTP/1.1\r\n");
    const [accepted] = (await once(app.server, "connection")) as [Socket];
    while (accepted.bytesRead === 0) await setImmediate();

    const closed = app.close();
    let text = "";
    late.on("data", (chunk) => (text += String(chunk)));
    late.write("Host: localhost\r\n\r\n");
    await once(late, "close");
    assert.match(text, /^HTTP\/1\.1 503 /);
    assert.match(text, /"status":"draining"/);

    inference.release();
    assert.equal((await first).statusCode, 200);
    await closed;
  },
);

type App = ReturnType<typeof startHttp>["app"];

async function listen(app: App, context: TestContext): Promise<number> {
  // A test that fails must not leave connections that keep its process alive.
  context.after(() => app.server.closeAllConnections());
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}

async function post(port: number, agent?: Agent): Promise<IncomingMessage> {
  const options = { port, host: "127.0.0.1", path: "/v1/embeddings", method: "POST" } as const;
  const headers = { "content-type": "application/json" };
  const sent = request({ ...options, headers, ...(agent === undefined ? {} : { agent }) });
  sent.end('{"input":"a"}');
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  return answer;
}

/** The listener closes in one of the next turns of the event loop; a connection made before that is reset. */
async function untilRefused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ECONNREFUSED") return;
    }
    socket.destroy();
    await setImmediate();
  }
}
