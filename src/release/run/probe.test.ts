import { expect, test } from "vitest";
import { probeHeader } from "../../aws/listener/probe-rule.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import { sendProbe } from "./probe.ts";

const login = "https://login.example.com/auth";
const address = {
  url: "https://app.example.com",
  healthPath: "/healthz",
  version: { path: "/version", field: "version" },
  login,
};

/** A load balancer that lets only requests with the probe's header pass the login. */
const guarded: typeof fetch = async (input, init) => {
  if (new Headers(init?.headers).get(probeHeader) !== "secret") {
    return new Response("", { status: 302, headers: { location: `${login}?state=1` } });
  }
  const { pathname } = new URL(String(input instanceof Request ? input.url : input));
  return pathname === "/version" ? Response.json({ version: "v8" }) : new Response("ok");
};

const probe = async (token: string | null, fetcher = guarded) =>
  sendProbe(
    fetcher,
    { settings: config().release.probe, address, token },
    new AbortController().signal,
  );

test("in front of a login a probe of the address is led there, and one by the header reaches the version", async () => {
  expect(await probe(null)).toMatchObject({ by: "address", good: true, version: null });
  expect(await probe("secret")).toMatchObject({ by: "rule", good: true, version: "v8" });
});

test("a probe that gets past the login is a bad sign", async () => {
  const open: typeof fetch = async () => Response.json({ version: "v8" });
  expect(await probe(null, open)).toMatchObject({ by: "address", good: false });
});

/** A gRPC server whose every method ends with the code. */
const ends =
  (code: string): typeof fetch =>
  async (_input, init) =>
    new Headers(init?.headers).get("content-type") === "application/grpc"
      ? new Response("", { headers: { "grpc-status": code } })
      : new Response("", { status: 464 });

test("the probe of gRPC is a call, and the address is asked by one", async () => {
  const grpc = { url: address.url, healthPath: "/a.B/C", version: null, protocol: "grpc" } as const;
  const settings = {
    ...config().release.probe,
    path: "/a.B/D",
    method: "POST",
    status: 0,
  } as const;
  const { signal } = new AbortController();
  const ask = async (code: string, one: typeof settings | null) =>
    sendProbe(ends(code), { settings: one, address: grpc, token: null }, signal);
  expect(await ask("0", settings)).toMatchObject({
    good: true,
    detail: "call of /a.B/D answered with code 0",
  });
  expect(await ask("14", settings)).toMatchObject({
    good: false,
    detail: "call of /a.B/D answered with code 14 instead of code 0",
  });
  expect(await ask("0", null)).toMatchObject({
    good: true,
    detail: "call of /a.B/C answered with code 0",
  });
  expect(await ask("12", null)).toMatchObject({ good: false });
});
