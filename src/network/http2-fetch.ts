import { connect as openSession, type IncomingHttpHeaders } from "node:http2";
import { buffer } from "node:stream/consumers";
import type { TlsConnect } from "./tls-connect.ts";

/**
 * `fetch` over HTTP/2, with a new connection for each request, as a new client has one. It sends text and bytes, follows no redirects, reads the whole
 * answer, and gives its trailers with its headers: gRPC has its status there.
 */
export function createHttp2Fetch(connect: TlsConnect): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? undefined;
    try {
      const socket = await connect(url, signal);
      const session = openSession(url.origin, { createConnection: () => socket });
      const end = () => {
        session.destroy();
        socket.destroy();
      };
      signal?.addEventListener("abort", end, { once: true });
      try {
        return await exchange(session, url, init ?? {});
      } finally {
        signal?.removeEventListener("abort", end);
        end();
      }
    } catch (error) {
      // As fetch does: the reason of the signal, not that something was aborted.
      throw signal?.aborted === true ? signal.reason : error;
    }
  };
}

async function exchange(
  session: ReturnType<typeof openSession>,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  const failed = new Promise<never>((_resolve, reject) => {
    session.once("error", reject);
    session.once("close", () => {
      reject(new Error("the connection ended before the answer"));
    });
  });
  failed.catch(() => undefined);
  const stream = session.request({
    ":method": init.method ?? "GET",
    // Without a usual port, as in a Host header.
    ":authority": url.host,
    ":path": `${url.pathname}${url.search}`,
    ...Object.fromEntries(new Headers(init.headers)),
  });
  const headers = new Headers();
  let status = 0;
  stream.on("response", (received) => {
    status = received[":status"] ?? 0;
    add(headers, received);
  });
  stream.on("trailers", (received: IncomingHttpHeaders) => {
    add(headers, received);
  });
  stream.end(init.body ?? undefined);
  const body = await Promise.race([buffer(stream), failed]);
  if (status === 0) throw new Error("the connection ended before the answer");
  return new Response(hasNoBody.has(status) ? null : body, { status, headers });
}

function add(headers: Headers, received: IncomingHttpHeaders): void {
  for (const [name, value] of Object.entries(received)) {
    if (name.startsWith(":") || value === undefined) continue;
    for (const one of [value].flat()) headers.append(name, one);
  }
}

/** https://fetch.spec.whatwg.org/#null-body-status */
const hasNoBody: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);
