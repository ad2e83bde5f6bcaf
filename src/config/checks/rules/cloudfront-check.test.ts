import { expect, test } from "vitest";
import { problemsOf } from "../../../../test/_helpers/config-lines.ts";
import { matchesPattern } from "./cloudfront-check.ts";

const cloudfront = "https: cloudfront";
const routes = (...list: readonly string[]) => [cloudfront, `cache: [${list.join(", ")}]`];

test("CloudFront's own name needs nothing else, and gives routes a cache", () => {
  expect(problemsOf(cloudfront)).toEqual([]);
  expect(
    problemsOf(
      ...routes(
        "{ path: /labels, ttl: 5m }",
        "{ path: /models/*, ttl: 1h, query: [lang], headers: [x-api-key] }",
      ),
    ),
  ).toEqual([]);
});

test.each([
  ["domain: api.example.com\nzone: example.com", "domain", "a domain"],
  ["network: { internal: true }", "network.internal", "a private address"],
  ["network: { allow: [192.0.2.0/24] }", "network.allow", "ranges of addresses"],
  ["waf: { mode: count }", "waf.mode", "count"],
  ["requests: { timeout: 121s }", "requests.timeout", "121s"],
  [
    "network: { vpc: { id: vpc-0123456789abcdef0, load_balancer_subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], instance_subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] } }",
    "network.vpc",
    "an existing VPC",
  ],
])("%s does not go with it", (line, path, found) => {
  expect(problemsOf(...line.split("\n"), cloudfront)).toEqual([
    expect.stringMatching(`^f.yml:\\d+:\\d+  ${path}: found ${found} with https: cloudfront, `),
  ]);
});

test("a cache needs CloudFront, and the error says how to get it", () => {
  expect(problemsOf("cache: [{ path: /labels, ttl: 5m }]")).toEqual([
    "f.yml:3:8  cache: found cached routes without CloudFront, allowed cache with https: cloudfront, which gives the address CloudFront's own name",
  ]);
});

test.each([
  ["{ path: /labels }", "cache[0]: found a route without ttl"],
  ["{ ttl: 5m }", "cache[0]: found a route without path"],
  ["{ path: labels, ttl: 5m }", 'cache[0].path: found "labels"'],
  ["{ path: /labels, ttl: 2d }", 'cache[0].ttl: found "2d"'],
  ["{ path: /labels, ttl: 5m, query: [] }", "cache[0].query: found a list"],
  ["{ path: /a, ttl: 5m }, { path: /a, ttl: 1m }", "cache[1].path: found /a a second time"],
  ["{ path: /labels, ttl: 5m, headers: [Cookie] }", "cache[0].headers[0]: found Cookie"],
  ["{ path: /labels, ttl: 5m, headers: [A, a] }", "cache[0].headers[1]: found a a second time"],
])("the routes %s are refused", (list, problem) => {
  expect(problemsOf(...routes(list))).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ["/healthz", "health: { path: /healthz }", "health.path"],
  ["/v*", "version: { path: /version, field: version }", "version.path"],
  ["/predic?", "release: { probe: { path: /predict } }", "release.probe.path"],
])("a route %s that infer-deploy asks which version serves is refused", (path, line, key) => {
  expect(problemsOf(line, ...routes(`{ path: ${path}, ttl: 5m }`))).toEqual([
    expect.stringContaining(`cache[0].path: found ${path}, which has ${key}`),
  ]);
});

test("path patterns: * is any text, ? one character, and everything else itself", () => {
  expect(matchesPattern("/labels/*", "/labels/a/b?lang=de")).toBe(true);
  expect(matchesPattern("/labels/*", "/labels")).toBe(false);
  expect(matchesPattern("/v?", "/v1")).toBe(true);
  expect(matchesPattern("/v?", "/v10")).toBe(false);
  expect(matchesPattern("/a.b", "/axb")).toBe(false);
  expect(matchesPattern("/Labels", "/labels")).toBe(false);
});
