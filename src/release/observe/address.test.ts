import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askAddress } from "./address.ts";

let server: Server;
let url: string;
let answer: { status: number; body: string };

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
});

const version = { path: "/version", field: "version" };

test("an app that reports its version", async () => {
  answer = { status: 200, body: '{"version":"v7"}' };
  expect(await askAddress(fetch, { url, healthPath: "/healthz", version })).toEqual({
    answered: true,
    version: "v7",
    detail: "GET /version answered 200",
  });
});

test("an app that does not report its version", async () => {
  answer = { status: 204, body: "" };
  expect(await askAddress(fetch, { url, healthPath: "/healthz", version: null })).toMatchObject({
    answered: true,
    version: null,
    detail: "GET /healthz answered 204",
  });
});

test.each([
  [503, "", "answered 503"],
  [302, "", "answered 302"],
  [200, "no JSON", 'without a field "version"'],
  [200, '{"other":1}', 'without a field "version"'],
])("%d %s is no answer", async (status, body, detail) => {
  answer = { status, body };
  const result = await askAddress(fetch, { url, healthPath: "/healthz", version });
  expect(result).toMatchObject({ answered: false, version: null });
  expect(result.detail).toContain(detail);
});

test("a refused connection is reported with the socket's error", async () => {
  const gone = url;
  server.close();
  server.closeAllConnections();
  const result = await askAddress(fetch, { url: gone, healthPath: "/healthz", version: null });
  expect(result).toMatchObject({ answered: false, detail: "GET /healthz: ECONNREFUSED" });
});

const login = "https://login.example.com/auth";
const ask = async (status: number, location?: string) => {
  const headers = location === undefined ? {} : { location };
  const fetcher: typeof fetch = async () => new Response("", { status, headers });
  return askAddress(fetcher, { url, healthPath: "/healthz", version, login });
};

test("an address with a login answers by leading there, and no version is known", async () => {
  expect(await ask(302, `${login}?client_id=demo&state=1`)).toEqual({
    answered: true,
    version: null,
    detail: "GET /version answered 302, to the login",
  });
});

test.each([
  [200, undefined, "without a login: the door is open"],
  [302, "https://elsewhere.example.com/auth", "instead of leading to the login"],
  [302, "/login", "instead of leading to the login"],
  [302, undefined, "instead of leading to the login"],
  [503, undefined, "instead of leading to the login"],
])("an answer of %i to %s is not the login's", async (status, location, text) => {
  const found = await ask(status, location);
  expect(found).toMatchObject({ answered: false, version: null });
  expect(found.detail).toContain(text);
});
