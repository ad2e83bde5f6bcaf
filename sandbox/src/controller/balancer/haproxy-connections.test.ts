import { expect, test } from "vitest";
import type { BalancerModel } from "./balancer-model.ts";
import { renderConfig } from "./haproxy-config.ts";
import { structureOf } from "./haproxy-files.ts";

const [name, servers] = ["targetgroup:blue:1", []];
const model = (
  keepsConnections: boolean,
  dropsInvalidHeaders = false,
  responseHeaders: Readonly<Record<string, string>> = {},
): BalancerModel => ({
  keepsConnections,
  listeners: [
    {
      name: "listener:app:web:1:2",
      published: 20_080,
      port: 80,
      idleSeconds: 40,
      clientSeconds: 3600,
      dropsInvalidHeaders,
      responseHeaders,
      webAcl: null,
      login: null,
      failsOpen: true,
      certificate: null,
      siblings: {},
      rulesMap: "maps/2-rules.map",
      weightsMap: "maps/2-weights.map",
      rules: [],
    },
  ],
  edges: [],
  authority: null,
  backends: [
    {
      name,
      arn: "arn:blue",
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      leastOutstanding: false,
      idleSeconds: 40,
      keepsConnections,
      health: {
        protocol: "HTTP",
        path: "/",
        port: "traffic-port",
        matcher: "200",
        intervalSeconds: 5,
        timeoutSeconds: 2,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      servers,
    },
  ],
});

test("each request has its own connection to a target, which may be silent for the idle timeout", () => {
  const text = renderConfig(model(false), "abc", servers);
  expect(text).toContain("option http-server-close\n");
  expect(text).toContain("timeout server 40s\n");
  expect(text.match(/Connection close(?! if)/g)).toBeNull();
  expect(text).toContain("Connection close if { date,sub(sess.opened) ge 3600 }\n");
});

test("with keep-alive connections to targets are used again, each for the idle timeout", () => {
  const server = { backend: name, name: "i-1.8080", address: "10.213.0.10", port: 8080 };
  const text = renderConfig(model(true), "abc", [server]);
  expect(text).toContain("option http-keep-alive\n  http-reuse always\n");
  expect(text).not.toContain("http-server-close");
  expect(text).toContain("http-after-response set-header Connection close\n");
  expect(text).toMatch(/ server i-1\.8080 .* pool-purge-delay 40s\n/);
  expect(structure(model(true))).not.toBe(structure(model(false)));
});

test("header names that AWS drops are dropped before the rules, if the load balancer has the attribute", () => {
  const lines = renderConfig(model(false, true), "abc", servers).split("\n");
  const dropped = lines.indexOf("  http-request del-header '[^-A-Za-z0-9]' -m reg");
  expect(dropped).toBeGreaterThan(0);
  expect(dropped).toBeLessThan(lines.findIndex((line) => line.includes("txn.request")));
  expect(renderConfig(model(false), "abc", servers)).not.toContain("del-header");
});

function structure(of: BalancerModel): string {
  return structureOf(of, new Map());
}

test("headers of the listener replace those of the app, also on the load balancer's own answers", () => {
  const headers = { "x-frame-options": "DENY", "content-security-policy": "img-src 'self'" };
  const text = renderConfig(model(false, false, headers), "abc", []);
  expect(text).toContain("http-after-response set-header x-frame-options 'DENY'");
  expect(text).toContain(
    `http-after-response set-header content-security-policy 'img-src '"'"'self'"'"''`,
  );
});
