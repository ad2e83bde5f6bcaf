import { expect, test } from "vitest";
import { troubleAdvice, troubleText } from "./certificate-trouble.ts";

const place = { domain: "api.example.com", address: "192.0.2.7", zone: "example.com" };
const acme = (kind: string, sentence: string) =>
  `[api.example.com] Obtain: [api.example.com] creating new order: attempt 1: https://acme-v02.api.letsencrypt.org/order-plz: HTTP 429 urn:ietf:params:acme:error:${kind} - ${sentence} (ca=https://acme-v02.api.letsencrypt.org/directory)`;

test("of Caddy's line a person reads the authority's sentence", () => {
  expect(troubleText(acme("rateLimited", "too many new orders recently"))).toBe(
    "too many new orders recently (rateLimited)",
  );
});

test("an answer without a body is its status", () => {
  const problem =
    "[api.example.com] creating new order: fetching new nonce from server: HTTP 503: JSON-decoding problem details: unexpected end of JSON input (raw='') (ca=https://acme-v02.api.letsencrypt.org/directory)";
  expect(troubleText(problem)).toBe(
    "[api.example.com] creating new order: fetching new nonce from server: HTTP 503",
  );
});

test.each([
  ["rateLimited", /^wait: Caddy tries again by itself/],
  ["caa", /^add the record: api\.example\.com\. {2}CAA {2}0 issue "letsencrypt\.org"$/],
  ["rejectedIdentifier", /^choose another domain/],
  ["dns", /must lead to 192\.0\.2\.7 .*infer-deploy up --refresh sets its record/],
  ["unauthorized", /must lead to 192\.0\.2\.7/],
  ["serverInternal", /letsencrypt\.status\.io/],
])("%s has its own next step", (kind, next) => {
  expect(troubleAdvice(acme(kind, "no"), place)).toMatch(next);
});

test("a name that is not in Route53 gets its record", () => {
  expect(troubleAdvice(acme("connection", "refused"), { ...place, zone: null })).toContain(
    "make the record api.example.com.  60  A  192.0.2.7",
  );
  expect(troubleAdvice(acme("connection", "refused"), { ...place, zone: undefined })).toContain(
    "infer-deploy status",
  );
});

test("a clock that is off is not the authority's trouble", () => {
  const problem =
    "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is before 2026-06-01T00:00:00Z";
  expect(troubleAdvice(problem, place)).toMatch(/clock is off: end the instance/);
});

test("a long problem is cut", () => {
  expect(troubleText("x".repeat(2000))).toHaveLength(240);
});
