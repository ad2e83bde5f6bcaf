import { expect, test } from "vitest";
import { renderEdge } from "./edge-config.ts";
import { type EdgeAnswer, readEdge } from "./edge-view.ts";

const answer: EdgeAnswer = {
  id: "EABC",
  domain: "dabc.cloudfront.net",
  ports: [20_080, 20_443],
  origin_port: 20_001,
  read_timeout: 60,
  invalidations: 0,
  security_headers: {
    ContentTypeOptions: { Override: true },
    StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true },
  },
  behaviors: [
    {
      path: "/labels/*",
      methods: ["GET", "HEAD"],
      policy: {
        DefaultTTL: 300,
        MaxTTL: 300,
        ParametersInCacheKeyAndForwardedToOrigin: {
          HeadersConfig: { Headers: { Items: ["Host", "X-Api-Key"] } },
          QueryStringsConfig: {
            QueryStringBehavior: "whitelist",
            QueryStrings: { Items: ["lang"] },
          },
        },
      },
    },
  ],
};

test("a distribution is a listener with two ports, which leads by path to a backend for each behaviour", () => {
  const text = render(answer);
  expect(text).toContain("frontend edge:EABC");
  expect(text).toContain("bind :20443 ssl crt /etc/infer-deploy/certs/edge-EABC.pem");
  expect(text).toContain(String.raw`use_backend edge:EABC:0 if { path -m reg '^\/labels\/.*$' }`);
  expect(text).toContain("default_backend edge:EABC:default");
  expect(text.match(/server origin 127\.0\.0\.1:20001/g)).toHaveLength(2);
});

test("HTTP is redirected, and the policy's headers are on every answer", () => {
  const text = render(answer);
  expect(text).toContain("redirect scheme https code 307 unless { ssl_fc }");
  expect(text).toContain("strict-transport-security 'max-age=60; includeSubDomains'");
  expect(text).toContain("x-content-type-options 'nosniff'");
  expect(text).not.toContain("x-frame-options");
});

test("the app gets what is in the key, and an answer is found by all of it", () => {
  const text = render(answer);
  expect(text).toContain("del-header '^(?!(?:host|x-api-key|connection|");
  expect(text).toContain("&lang=%[url_param(lang)]");
  expect(text).toContain("set-query %[query]/%[req.hdr(host),sha1,hex]/%[req.hdr(x-api-key),");
  // The app gets the path and the query as they were before the key took their place.
  expect(text).toMatch(
    /set-query %\[query\][^\n]+\nhttp-request cache-use edge-EABC-0\nhttp-request set-pathq %\[var\(txn\.asked\)\]/,
  );
  expect(text).toContain("http-response cache-store edge-EABC-0");
});

test("the default behaviour caches nothing", () => {
  const text = render({ ...answer, behaviors: [] });
  expect(text).not.toContain("cache-use");
  expect(text).not.toContain("del-header");
});

test("an emptied cache is another configuration, and a way that leads nowhere answers 504", () => {
  expect(render({ ...answer, invalidations: 1 })).not.toBe(render(answer));
  expect(render({ ...answer, origin_port: null })).toContain("http-request return status 504");
});

function render(from: EdgeAnswer): string {
  return renderEdge(readEdge(from))
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}
