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
