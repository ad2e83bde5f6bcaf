import { expect, test } from "vitest";
import type { BackendModel, ServerModel } from "./balancer-model.ts";
import { planServers, serverOptions } from "./servers.ts";
import type { ServerRow } from "./haproxy-stat.ts";

const backend: BackendModel = {
  name: "tg",
  arn: "arn",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  leastOutstanding: false,
  idleSeconds: 60,
  keepsConnections: false,
  health: {
    protocol: "HTTP",
    path: "/",
    port: "traffic-port",
    matcher: "200",
    intervalSeconds: 2,
    timeoutSeconds: 1,
    healthyThreshold: 3,
    unhealthyThreshold: 2,
  },
  servers: [],
};
const server: ServerModel = {
  name: "i-1.80",
  address: "10.0.0.9",
  port: 80,
  draining: false,
  lastResort: false,
};
const row: ServerRow = {
  backend: "tg",
  name: "i-1.80",
  status: "up",
  check: "L7OK",
  checkCode: "200",
  sinceChange: 9,
  sessions: 0,
};
const twin: ServerRow = { ...row, name: "i-1.80.last-resort" };

test("a new target is down until its checks pass", () => {
  expect(plan([server], [])).toEqual([
    "add server tg/i-1.80 10.0.0.9:80 check inter 2s fall 2 rise 3; enable health tg/i-1.80; enable server tg/i-1.80; set server tg/i-1.80 health down",
  ]);
});

test("an existing target needs no command", () => {
  expect(plan([server], [row])).toEqual([]);
});

test("a deregistered target drains", () => {
  expect(plan([{ ...server, draining: true }], [row])).toEqual([
    "set server tg/i-1.80 state drain",
  ]);
  expect(plan([{ ...server, draining: true }], [{ ...row, status: "drain" }])).toEqual([]);
  expect(plan([{ ...server, draining: true }], [{ ...row, status: "down" }])).toEqual([]);
});

test("a target that is no longer listed gets no new requests, and is deleted when its requests have ended or had their time", () => {
  const gone = { ...row, status: "maintenance" as const };
  const deletion = ["shutdown sessions server tg/i-1.80; del server tg/i-1.80"];
  expect(plan([], [row])).toEqual(["set server tg/i-1.80 state maint"]);
  expect(plan([], [{ ...gone, sessions: 0, sinceChange: 0 }])).toEqual(deletion);
  expect(plan([], [{ ...gone, sessions: 3, sinceChange: 1 }])).toEqual([]);
  expect(plan([], [{ ...gone, sessions: 3, sinceChange: 2 }])).toEqual(deletion);
});

test("a draining target that the load balancer lacks is not added", () => {
  expect(plan([{ ...server, draining: true }], [])).toEqual([]);
});

test("a target that is registered again gets requests again", () => {
  expect(plan([server], [{ ...row, status: "drain" }])).toEqual([
    "set server tg/i-1.80 state ready",
  ]);
  expect(plan([server], [{ ...row, status: "maintenance" }])).toEqual([
    "set server tg/i-1.80 state ready; set server tg/i-1.80 health down",
  ]);
});

test("an unhealthy target gets a last-resort server, which stays when the target recovers", () => {
  expect(plan([{ ...server, lastResort: true }], [row])).toEqual([
    "add server tg/i-1.80.last-resort 10.0.0.9:80 backup; enable server tg/i-1.80.last-resort",
  ]);
  expect(plan([server], [row, twin])).toEqual([]);
  expect(plan([{ ...server, draining: true }], [{ ...row, status: "drain" }, twin])).toEqual([
    "set server tg/i-1.80.last-resort state drain",
  ]);
  expect(plan([], [twin])).toHaveLength(1);
});

test("servers of other backends are left alone", () => {
  expect(plan([], [{ ...row, backend: "other" }])).toEqual([]);
});

test.each([
  [{ protocol: "HTTPS" }, "check inter 2s fall 2 rise 3 ssl verify none"],
  [{ health: { ...backend.health, port: "9000" } }, "check inter 2s fall 2 rise 3 port 9000"],
  [
    { health: { ...backend.health, protocol: "HTTPS" } },
    "check inter 2s fall 2 rise 3 check-ssl verify none",
  ],
])("options with %j", (change, expected) => {
  expect(serverOptions({ ...backend, ...change }, false)).toBe(expected);
});

function plan(servers: ServerModel[], rows: ServerRow[]): string[] {
  return planServers(
    {
      keepsConnections: false,
      listeners: [],
      backends: [{ ...backend, servers }],
      edges: [],
      authority: null,
    },
    rows,
  );
}
