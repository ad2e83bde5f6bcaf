import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { fetchThrough } from "./fetch-through.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on loopback that answers with what it was asked; its port. */
async function listen(status = 200): Promise<number> {
  const server = createServer((request, answer) => {
    void text(request).then((body) => {
      if (request.url === "/slow") return;
      answer.writeHead(status, { location: "/elsewhere", "x-a": "1" });
      const { host, "x-probe": probe } = request.headers;
      answer.end(
        status === 204 ? undefined : JSON.stringify({ host, probe, body, method: request.method }),
      );
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

// RFC 6761: no resolver knows a name below .invalid.
const domain = "api.shop.invalid";

test("a name that does not resolve here is asked at the other host, which still gets the name", async () => {
  const url = `http://${domain}:${await listen()}/predict`;
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  const answer = await fetchThrough("localhost")(url, {
    method: "POST",
    headers: { "x-probe": "7" },
    body: "{}",
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-a")).toBe("1");
  expect(await answer.json()).toEqual({
    host: new URL(url).host,
    probe: "7",
    body: "{}",
    method: "POST",
  });
});

test("a redirect is an answer, and one without a body has none", async () => {
  const through = fetchThrough("localhost");
  const moved = await through(`http://${domain}:${await listen(301)}/`);
  expect([moved.status, moved.ok, moved.headers.get("location")]).toEqual([
    301,
    false,
    "/elsewhere",
  ]);
  expect(await (await through(`http://${domain}:${await listen(204)}/`)).text()).toBe("");
});

test("a host that does not answer is an error with its code, a slow one ends with the signal's reason", async () => {
  await expect(fetchThrough("lb.invalid")(`http://${domain}/`)).rejects.toMatchObject({
    code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
  });
  const url = `http://${domain}:${await listen()}/slow`;
  const slow = fetchThrough("localhost")(url, { signal: AbortSignal.timeout(50) });
  await expect(slow).rejects.toMatchObject({ name: "TimeoutError" });
});
