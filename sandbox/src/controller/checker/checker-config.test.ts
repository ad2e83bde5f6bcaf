import { expect, test } from "vitest";
import type { BackendModel } from "../balancer/balancer-model.ts";
import { renderConfig } from "../balancer/haproxy-config.ts";
import { serverOptions } from "../balancer/servers.ts";
import { checkedCode } from "./checker-config.ts";

const http1: BackendModel = {
  name: "targetgroup:web:1",
  arn: "arn",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  leastOutstanding: true,
  idleSeconds: 60,
  keepsConnections: false,
  health: {
    protocol: "HTTP",
    path: "/grpc.health.v1.Health/Check",
    port: "traffic-port",
    matcher: "0,12-14",
    intervalSeconds: 5,
    timeoutSeconds: 4,
    healthyThreshold: 2,
    unhealthyThreshold: 6,
  },
  servers: [],
};
const grpc: BackendModel = { ...http1, protocolVersion: "GRPC" };

const configOf = (backend: BackendModel): string =>
  renderConfig(
    { keepsConnections: false, listeners: [], backends: [backend], edges: [], authority: null },
    "d",
    [],
  );

test("a target group of gRPC is checked by the program, with its codes above HTTP's 200", () => {
  const config = configOf(grpc);
  expect(config).toContain("http-check expect status 200,212-214\n");
  expect(config).toContain("hdr X-Path '/grpc.health.v1.Health/Check' hdr X-Protocol GRPC\n");
  expect(config).toContain("backend checker\n");
  expect(serverOptions(grpc, false)).toBe(
    "check inter 5s fall 6 rise 2 addr 127.0.0.1 port 9020 check-proto h1 proto h2",
  );
  expect(serverOptions(grpc, true)).toBe("backup proto h2");
});

test("one of HTTP/1.1 is checked by HAProxy, without the program", () => {
  expect(configOf({ ...http1, health: { ...http1.health, matcher: "200" } })).not.toContain(
    "checker",
  );
  expect(serverOptions(http1, false)).toBe("check inter 5s fall 6 rise 2");
});

test("a request in another protocol than the target group's gets 464", () => {
  expect(configOf(grpc)).toContain("return status 464 unless { fc_http_major 2 }\n");
  expect(configOf(grpc)).toContain("return status 464 unless METH_POST\n");
  expect(configOf({ ...grpc, protocolVersion: "HTTP2" })).not.toContain("METH_POST");
  expect(configOf(http1)).toContain("464 if { req.hdr(content-type) -m beg application/grpc }");
});

test.each([
  ["GRPC", "212", "12"],
  ["GRPC", "599", undefined],
  ["HTTP2", "503", "503"],
  ["HTTP1", "599", "599"],
] as const)("of %s, status %s means the code %s", (protocolVersion, status, code) => {
  expect(checkedCode({ protocolVersion }, status)).toBe(code);
});
