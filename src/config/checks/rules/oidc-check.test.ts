import { expect, test } from "vitest";
import { parseLines, problemsOf } from "../../../../test/_helpers/config-lines.ts";

const client = "oidc: { issuer: https://login.example.com/realms/a, client_id: demo }";
const domain = "domain: demo.example.com\nzone: example.com";

test("a login needs an issuer, a client and a domain, and the rest has defaults", () => {
  expect(parseLines("auth: oidc", client, domain)).toMatchObject({
    config: {
      oidc: {
        issuer: "https://login.example.com/realms/a",
        clientId: "demo",
        scope: "openid",
        sessionSeconds: 43_200,
      },
    },
  });
});

test("without auth: oidc its settings wait, so that one environment can do without a login", () => {
  expect(parseLines("oidc: { client_id: demo }")).toMatchObject({
    config: { auth: "none", oidc: null },
  });
});

test.each([
  [
    ["auth: oidc", domain],
    ["auth: found oidc without oidc.issuer, allowed", "oidc.client_id"],
  ],
  [["auth: oidc", client], ["auth: found oidc without a domain, allowed oidc with a domain"]],
  [["auth: oidc", client, "https: cloudfront"], ["auth: found oidc with https: cloudfront"]],
  [
    ["auth: oidc", client, domain, "network: { internal: true, egress: public }"],
    ["network.egress: found public with auth: oidc and a private address, allowed nat"],
  ],
])("%j is refused", (lines, found) => {
  const problems = problemsOf(...lines).map((line) => line.replace(/^f\.yml:\d+:\d+ {2}/, ""));
  expect(problems).toEqual(found.map((text) => expect.stringContaining(text) as string));
});

test.each([
  ["issuer: http://login.example.com", "an https URL"],
  ["issuer: https://login.example.com/?a=b", "an https URL"],
  ["issuer: https://me@login.example.com", "an https URL"],
  ["scope: email profile", "of which one is openid"],
  ["scope: openidx", "of which one is openid"],
  ["session: 169h", "a duration from 1s to 168h"],
  ["client_secret: hunter2", "an unknown key"],
])("oidc.%s is refused", (line, found) => {
  expect(problemsOf("oidc:", `  ${line}`)).toEqual([expect.stringContaining(found)]);
});

test("no container gets the client's secret", () => {
  expect(problemsOf("secrets: { OIDC_CLIENT_SECRET: file }")).toEqual([
    expect.stringContaining("the name of the login's own secret"),
  ]);
});
