import { expect, test } from "vitest";
import { parseLines, problemsOf } from "../../../../test/_helpers/config-lines.ts";

const grpc = "requests: { protocol: grpc }";
const http2 = "requests: { protocol: http2 }";
const domain = "domain: demo.example.com\nzone: example.com";

test("gRPC is checked and probed by its health service, and code 0 is good", () => {
  const check = "/grpc.health.v1.Health/Check";
  expect(parseLines(grpc, domain)).toMatchObject({
    config: {
      requests: { protocol: "grpc", timeoutSeconds: 60 },
      health: { path: check, codes: [0] },
      release: { probe: { path: check, method: "POST", status: 0 } },
    },
  });
  expect(parseLines(grpc, domain, "health: { path: /a.B/C, codes: [12, 0] }")).toMatchObject({
    config: { release: { probe: { path: "/a.B/C", status: 12 } } },
  });
});

test("HTTP/2 is checked and probed as HTTP/1.1 is", () => {
  expect(parseLines(http2, domain)).toMatchObject({
    config: {
      health: { path: "/healthz", codes: null },
      release: { probe: { path: "/healthz", method: "GET", status: 200 } },
    },
  });
});

test.each([
  [
    [grpc],
    ["requests.protocol: found grpc without a domain, allowed http1, or grpc with a domain"],
  ],
  [[http2], ["requests.protocol: found http2 without a domain"]],
  [[http2, "https: cloudfront"], ["requests.protocol: found http2 with https: cloudfront"]],
  [
    [http2, domain, "topology: single"],
    ["requests.protocol: found http2 with topology: single, allowed http1, or topology: fleet"],
  ],
  [
    [grpc, domain, "auth: oidc", "oidc: { issuer: https://a.example.com, client_id: a }"],
    ["requests.protocol: found grpc with auth: oidc"],
  ],
  [
    [grpc, domain, "health: { path: /healthz, codes: [200] }"],
    [
      "health.path: found /healthz with requests.protocol: grpc",
      "health.codes[0]: found 200 with requests.protocol: grpc, allowed codes of gRPC from 0 to 99",
    ],
  ],
  [
    [grpc, domain, "release: { probe: { path: /up, method: GET, json_path: a, status: 200 } }"],
    [
      "release.probe.path: found /up",
      "release.probe.method: found GET",
      "release.probe.json_path: found json_path",
      "release.probe.status: found 200",
    ],
  ],
  [[grpc, domain, "release: { probe: { body: { a: 1 } } }"], ["release.probe.body: found a body"]],
  [[grpc, domain, "version: {}"], ["version: found version with requests.protocol: grpc"]],
  [
    ["health: { codes: [200, 0] }"],
    ["health.codes[1]: found 0 with requests.protocol: http1, allowed codes of HTTP from 200"],
  ],
  [[http2, domain, "release: { probe: { status: 0 } }"], ["release.probe.status: found 0"]],
  [["health: { codes: [150] }"], ["health.codes[0]: found 150, allowed a list of 1 to 20 codes"]],
])("%j is refused", (lines, expected) => {
  const problems = problemsOf(...lines);
  expect(problems).toEqual(
    expected.map((words) => expect.stringContaining(words) as unknown as string),
  );
});
