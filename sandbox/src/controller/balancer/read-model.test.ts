import { expect, test } from "vitest";
import type { ListenerView, RegionView, TargetGroupView } from "../observe/region-view.ts";
import { readModel } from "./read-model.ts";

const blueArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/11";
const greenArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/22";
const health = {
  protocol: "HTTP",
  path: "/",
  port: "traffic-port",
  matcher: "200",
  intervalSeconds: 5,
  timeoutSeconds: 2,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};
const blue: TargetGroupView = {
  arn: blueArn,
  name: "targetgroup/blue/11",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  leastOutstanding: false,
  health,
  targets: [],
};
const green: TargetGroupView = { ...blue, arn: greenArn, name: "targetgroup/green/22" };
const listener: ListenerView = {
  arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/aa/bb",
  loadBalancer: "app/web/aa",
  idleSeconds: 30,
  clientSeconds: 3600,
  dropsInvalidHeaders: false,
  responseHeaders: {},
  webAcl: null,
  login: null,
  failsOpen: true,
  protocol: "HTTP",
  port: 80,
  certificateArn: null,
  published: 20_080,
  fallback: [
    {
      type: "forward",
      groups: [
        { arn: blueArn, weight: 90 },
        { arn: greenArn, weight: 0 },
      ],
    },
  ],
  rules: [],
};
const region: RegionView = {
  region: "us-east-1",
  instances: [],
  listeners: [listener],
  targetGroups: [blue, green],
};

test("a listener that forwards by weight", () => {
  const { listeners } = read({});
  expect(listeners).toEqual([
    {
      name: "listener:app:web:aa:bb",
      published: 20_080,
      port: 80,
      idleSeconds: 30,
      clientSeconds: 3600,
      dropsInvalidHeaders: false,
      responseHeaders: {},
      certificate: null,
      siblings: { "80": 20_080 },
      webAcl: null,
      login: null,
      failsOpen: true,
      rulesMap: "maps/bb-rules.map",
      weightsMap: "maps/bb-weights.map",
      rules: [
        {
          name: "default",
          pattern: null,
          action: {
            type: "forward",
            weights: [
              { group: "targetgroup:blue:11", weight: 90 },
              { group: "targetgroup:green:22", weight: 0 },
            ],
          },
        },
      ],
    },
  ]);
});

test("a target group of weight zero has a backend; one that no listener uses has none", () => {
  const unused = { ...blue, arn: "other", name: "targetgroup/other/33" };
  expect(read({ targetGroups: [blue, green, unused] }).backends.map(({ name }) => name)).toEqual([
    "targetgroup:blue:11",
    "targetgroup:green:22",
  ]);
});

test("a target group that only a rule uses has a backend", () => {
  const rule = {
    arn: "arn/rule/r1",
    priority: 1,
    conditions: [],
    actions: [{ type: "forward" as const, groups: [{ arn: greenArn, weight: 1 }] }],
  };
  const alone = { ...listener, fallback: [], rules: [rule] };
  expect(read({ listeners: [alone] }).backends.map(({ name }) => name)).toEqual([
    "targetgroup:green:22",
  ]);
});

test("rules come by priority, the default last", () => {
  const rule = (name: string, priority: number) => ({
    arn: `arn/${name}`,
    priority,
    conditions: [],
    actions: [],
  });
  const { listeners } = read({
    listeners: [{ ...listener, rules: [rule("late", 20), rule("early", 3)] }],
  });
  expect(listeners[0]?.rules.map(({ name }) => name)).toEqual(["early", "late", "default"]);
});

test("only targets on running machines get a server; the emulator's state decides which drain and which are unhealthy", () => {
  const targets = ["healthy", "draining", "unhealthy", "unused", "initial"].map((state, index) => ({
    instance: `i-${index}`,
    port: 80,
    state,
  }));
  const addresses = new Map(
    ["i-0", "i-1", "i-2", "i-3"].map((id) => [id, `10.0.0.${id.slice(2)}`]),
  );
  const model = readModel([{ ...region, targetGroups: [{ ...blue, targets }] }], addresses, {
    keepsConnections: false,
  });
  expect(model.backends[0]?.servers).toEqual([
    { name: "i-0.80", address: "10.0.0.0", port: 80, draining: false, lastResort: false },
    { name: "i-1.80", address: "10.0.0.1", port: 80, draining: true, lastResort: false },
    { name: "i-2.80", address: "10.0.0.2", port: 80, draining: false, lastResort: true },
  ]);
});

test("an HTTPS listener has its certificate, and a redirect leads to its loopback port", () => {
  const secure = {
    ...listener,
    arn: "x/cc",
    protocol: "HTTPS",
    port: 443,
    published: 20_443,
    certificateArn: "arn:aws:acm:us-east-1:1:certificate/dd",
  };
  const redirect = {
    type: "redirect",
    status: 301,
    protocol: "HTTPS",
    host: "#{host}",
    port: "443",
    path: "/#{path}",
    query: "#{query}",
  } as const;
  const { listeners } = read({ listeners: [{ ...listener, fallback: [redirect] }, secure] });
  expect(listeners[1]?.certificate).toEqual({
    arn: "arn:aws:acm:us-east-1:1:certificate/dd",
    file: "certs/dd.pem",
  });
  expect(listeners[0]?.rules[0]?.action).toMatchObject({
    loopbackLocation: "https://%[req.hdr(host),field(1,:)]:20443%[pathq]",
  });
});

function read(change: Partial<RegionView>): ReturnType<typeof readModel> {
  return readModel([{ ...region, ...change }], new Map(), { keepsConnections: false });
}
