import { lookup } from "node:dns";
import { type IncomingMessage, request as sendHttp } from "node:http";
import { request as sendHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * `fetch` whose requests all go to one host, whatever their URL's name resolves to here. The Host header, SNI and the check of the
 * certificate keep the URL's name. It sends text bodies, follows no redirects, and reads the whole answer.
 */
export function fetchThrough(host: string): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? undefined;
    try {
      const answer = await send(host, url, init ?? {});
      const body = await buffer(answer);
      const status = answer.statusCode ?? 0;
      const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
        (values ?? []).map((value): [string, string] => [name, value]),
      );
      return new Response(hasNoBody.has(status) ? null : body, { status, headers });
    } catch (error) {
      // As fetch does: the reason of the signal, not that something was aborted.
      throw signal?.aborted === true ? signal.reason : error;
    }
  };
}

async function send(host: string, url: URL, init: RequestInit): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = {
      method: init.method ?? "GET",
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.signal === undefined || init.signal === null ? {} : { signal: init.signal }),
      lookup: ((_name, how, found) => {
        lookup(host, how, found);
      }) satisfies LookupFunction,
    };
    const request = url.protocol === "https:" ? sendHttps(url, options) : sendHttp(url, options);
    request.on("response", resolve).on("error", reject);
    request.end(init.body ?? undefined);
  });
}

/** https://fetch.spec.whatwg.org/#null-body-status */
const hasNoBody: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);
