import { createSecureServer, type Http2SecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTlsWorld, type TlsWorld } from "../../test/_helpers/tls-world.ts";
import { createHttp2Fetch } from "./http2-fetch.ts";
import { createTlsConnect } from "./tls-connect.ts";

// RFC 6761: no resolver knows a name below .invalid.
const name = "api.shop.invalid";
let world: TlsWorld;
let server: Http2SecureServer;
let url = "";

beforeAll(async () => {
  world = await openTlsWorld([name], (_request, answer) => answer.end("HTTP/1.1"));
  server = createSecureServer(world.identity, (request, answer) => {
    answer.end(`HTTP/${request.httpVersion} for ${request.authority}`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `https://${name}:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  server.close();
  await world.close();
});

const soon = () => ({ signal: AbortSignal.timeout(5000) });

test("a name that does not resolve here is asked at the other host, in HTTP/2 and with its own certificate", async () => {
  const trusting = createTlsConnect({ AWS_CA_BUNDLE: world.bundle }, "127.0.0.1");
  const answer = await createHttp2Fetch(trusting)(url, soon());
  expect(await answer.text()).toBe(`HTTP/2.0 for ${new URL(url).host}`);
  const strange = createTlsConnect({}, "127.0.0.1");
  await expect(createHttp2Fetch(strange)(url, soon())).rejects.toMatchObject({
    code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  });
});

test("the proxy is asked for the name, and its refusal is named", async () => {
  const env = { AWS_CA_BUNDLE: world.bundle, HTTPS_PROXY: world.proxy };
  const fetcher = createHttp2Fetch(createTlsConnect(env, "127.0.0.1"));
  // Behind this proxy is a server of HTTP/1.1 only.
  await expect(fetcher(`https://${name}/`, soon())).rejects.toThrow(/HTTP\/2|alert/);
  expect(world.asked).toEqual([`CONNECT ${name}:443`]);
  world.status = 407;
  await expect(fetcher(`https://${name}/`, soon())).rejects.toThrow(
    /the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) wants a name and a password/,
  );
});
