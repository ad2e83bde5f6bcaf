import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSandboxFetch } from "./sandbox-fetch.ts";

/** A load balancer that names the host it was asked for, and an emulator that knows one domain and the weather. */
let balancer: Server;
let emulator: Server;
let home: string;
let weather: Record<string, string>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "infer-deploy-fetch-"));
  balancer = await listen((url, host) => `${host} ${url}`);
  emulator = await listen((url) =>
    JSON.stringify(
      url === "/_sandbox/weather"
        ? weather
        : {
            "api.example.com": { "80": portOf(balancer) },
            "203.0.113.7": { "80": `127.0.0.1:${portOf(balancer)}` },
            "203.0.113.8": {},
          },
    ),
  );
  const folder = join(home, "infer-deploy", "sandbox", "demo");
  await mkdir(join(folder, "certs"), { recursive: true });
  await writeFile(join(folder, "certs", "ca.crt"), "");
  const endpoint = `http://127.0.0.1:${portOf(emulator)}`;
  await writeFile(
    join(folder, "state.json"),
    JSON.stringify({ schema_version: 2, endpoint, key: "k" }),
  );
});

afterAll(async () => {
  for (const server of [balancer, emulator]) {
    server.closeAllConnections();
    server.close();
  }
  await rm(home, { recursive: true, force: true });
});

beforeEach(() => {
  weather = {};
});

test("a domain leads to its load balancer, which gets the domain as Host", async () => {
  const answer = await ask("name")("http://api.example.com/predict");
  expect(await answer.text()).toBe("api.example.com /predict");
});

test("an Elastic IP address leads to its instance, and refuses connections while it has none", async () => {
  const answer = await ask("name")("http://203.0.113.7/predict");
  expect(await answer.text()).toBe("203.0.113.7 /predict");
  await expect(ask("name")("http://203.0.113.8/")).rejects.toMatchObject({
    cause: { code: "ECONNREFUSED" },
  });
});

test("an issuer of logins is described by the sandbox, and reached only where a test has started it", async () => {
  const path = "realms/a/.well-known/openid-configuration";
  const answer = await ask("name")(`https://login.example.com/${path}`);
  expect(await answer.json()).toEqual({
    issuer: "https://login.example.com/realms/a",
    authorization_endpoint: "https://login.example.com/realms/a/authorize",
    token_endpoint: "https://login.example.com/realms/a/token",
    userinfo_endpoint: "https://login.example.com/realms/a/userinfo",
  });
  await expect(ask("name")("https://login.example.com/authorize")).rejects.toThrow();
  // This name leads to a server of this machine, which speaks no TLS.
  await expect(ask("name")(`https://api.example.com/${path}`)).rejects.toThrow();
});

test("unreachable: the domain does not resolve, and the load balancer's own name answers", async () => {
  weather = { unreachable: "name" };
  await expect(ask("name")("http://api.example.com/")).rejects.toMatchObject({
    cause: { code: "ENOTFOUND" },
  });
  expect((await ask("load-balancer")("http://api.example.com/")).status).toBe(200);
  expect((await ask("name")(`http://127.0.0.1:${portOf(balancer)}/`)).status).toBe(200);
});

test("unreachable=address: nothing answers, and a caller that does not wait is not held up", async () => {
  weather = { unreachable: "address" };
  const addresses = ["http://api.example.com/", `http://127.0.0.1:${portOf(balancer)}/`];
  for (const url of addresses) {
    const signal = AbortSignal.timeout(50);
    await expect(ask("load-balancer")(url, { signal })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  }
});

function ask(way: "name" | "load-balancer"): typeof fetch {
  return createSandboxFetch({ XDG_STATE_HOME: home }, "demo", way);
}

async function listen(answer: (url: string, host: string) => string): Promise<Server> {
  const server = createServer((request, response) => {
    response.end(answer(request.url ?? "", request.headers.host ?? ""));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
