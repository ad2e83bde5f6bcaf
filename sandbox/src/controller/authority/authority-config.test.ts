import { expect, test } from "vitest";
import { authorityFiles, renderAuthority, rootsFile } from "./authority-config.ts";
import { type AuthorityWeather, readAuthority } from "./authority-model.ts";

const fine: AuthorityWeather = {
  down: false,
  busySeconds: null,
  certificateSeconds: 0,
  badNoncePercent: 0,
  slowSeconds: 0,
};

function lines(change: Partial<AuthorityWeather>): string {
  return renderAuthority({ weather: { ...fine, ...change }, names: {}, texts: {}, zones: [] })
    .flat()
    .join("\n");
}

test("a region without a use for it has no section", () => {
  expect(renderAuthority(null)).toEqual([]);
});

test("Let's Encrypt's directory leads to Pebble's, with addresses that begin with https", () => {
  const text = lines({});
  expect(text).toContain("set-path /dir if { path /directory }");
  expect(text).toContain("set-header X-Forwarded-Proto https");
  expect(text).not.toContain("return status");
  // Seconds, as Let's Encrypt sends them.
  expect(text).toContain(
    "http-response set-header Retry-After 1 if { res.hdr(Retry-After) -m found }",
  );
});

test("authority-down: every request gets 503", () => {
  expect(lines({ down: true, busySeconds: 60 })).toMatch(
    /return status 503 content-type application\/problem\+json string '\{"type":"urn:ietf:params:acme:error:serverInternal".*\}'$/m,
  );
});

test("authority-busy: new orders get 429 with Retry-After, and nothing else does", () => {
  expect(lines({ busySeconds: 90 })).toMatch(
    /return status 429 content-type application\/problem\+json hdr Retry-After 90 string '\{"type":"urn:ietf:params:acme:error:rateLimited".*\}' if \{ path \/order-plz \}$/m,
  );
});

test("the rest of the weather is the authority's own setting, which needs no other configuration of HAProxy", () => {
  const weather = { ...fine, certificateSeconds: 120, badNoncePercent: 30, slowSeconds: 15 };
  const files = authorityFiles({
    weather,
    names: { "api.example.com": ["10.213.0.12"] },
    texts: { "_acme-challenge.api.example.com": ["proof"] },
    zones: ["example.com"],
  });
  expect(JSON.parse(files.get("authority.json") ?? "")).toEqual({
    certificate_seconds: 120,
    bad_nonce_percent: 30,
    slow_seconds: 15,
  });
  expect(JSON.parse(files.get("names.json") ?? "")).toEqual({
    addresses: { "api.example.com": ["10.213.0.12"] },
    texts: { "_acme-challenge.api.example.com": ["proof"] },
    zones: ["example.com"],
  });
  expect(lines(weather)).toBe(lines({}));
  expect(rootsFile(weather)).toBe("/tmp/authority/roots-120.pem");
});

test("an address at which nothing answers is one of the sandbox's network, never that of a real server", () => {
  const answer = {
    needed: true,
    names: { "api.example.com": [null, "10.213.0.12"] },
    texts: {},
    zones: [],
  };
  expect(readAuthority(answer, fine, "10.213.0.2").names).toEqual({
    "api.example.com": ["10.213.0.2", "10.213.0.12"],
  });
});
