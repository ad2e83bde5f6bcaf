import { expect, test } from "vitest";
import { renderConfig } from "./haproxy-config.ts";
import { configurationFiles, emptyConfig, planMaps, structureOf } from "./haproxy-files.ts";
import type { BackendModel, BalancerModel, ListenerModel } from "./balancer-model.ts";

const backend: BackendModel = {
  name: "targetgroup:blue:1",
  arn: "arn:blue",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  leastOutstanding: false,
  idleSeconds: 60,
  keepsConnections: false,
  health: {
    protocol: "HTTP",
    path: "/healthz",
    port: "traffic-port",
    matcher: "200-299",
    intervalSeconds: 5,
    timeoutSeconds: 2,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
  },
  servers: [],
};

const listener: ListenerModel = {
  name: "listener:app:web:1:2",
  published: 20_080,
  port: 80,
  idleSeconds: 60,
  clientSeconds: 3600,
  dropsInvalidHeaders: false,
  responseHeaders: {},
  webAcl: null,
  login: null,
  failsOpen: true,
  certificate: null,
  siblings: {},
  rulesMap: "maps/2-rules.map",
  weightsMap: "maps/2-weights.map",
  rules: [
    { name: "probe", pattern: "^probe", action: forward(1) },
    {
      name: "teapot",
      pattern: "^tea",
      action: {
        type: "fixed-response",
        status: 418,
        contentType: "text/plain",
        body: "tea",
        file: "bodies/tea",
      },
    },
    { name: "default", pattern: null, action: forward(100) },
  ],
};

const model: BalancerModel = {
  keepsConnections: false,
  listeners: [listener],
  backends: [backend],
  edges: [],
  authority: null,
};

test("the configuration of one listener with rules and one target group", () => {
  const servers = [
    { backend: backend.name, name: "i-1.8080", address: "10.213.0.10", port: 8080 },
    { backend: backend.name, name: "i-1.8080.last-resort", address: "10.213.0.10", port: 8080 },
    { backend: "targetgroup:other:1", name: "i-2.8080", address: "10.213.0.11", port: 8080 },
  ];
  expect(renderConfig(model, "abc", servers)).toMatchInlineSnapshot(`
    "global
      description abc
      log stdout format raw local0 info
      stats socket /tmp/runtime-api.sock level admin
      server-state-file /etc/infer-deploy/servers.state
      ssl-default-bind-options ssl-min-ver TLSv1.2
      tune.pattern.cache-size 0
      hard-stop-after 1h

    defaults
      mode tcp
      timeout connect 2s
      timeout client 10s
      timeout server 10s
      load-server-state-from-file none

    frontend runtime-api
      bind :9999 accept-proxy
      tcp-request session reject unless { fc_pp_authority -m str "\${SANDBOX_KEY}" }
      default_backend runtime-api

    backend runtime-api
      server socket unix@/tmp/runtime-api.sock

    defaults
      mode http
      log global
      option http-no-delay
      option http-server-close
      option idle-close-on-response
      option forwardfor
      load-server-state-from-file global
      retries 6
      retry-on conn-failure
      option redispatch 1
      timeout connect 500ms
      timeout http-request 60s
      timeout client 60s
      timeout server 60s

    frontend listener:app:web:1:2
      bind :20080
      log-format "request %Ts.%ms %f %b %s %ST %Tr %Ta %ts"
      timeout client 60s
      timeout http-keep-alive 60s
      http-request set-var(sess.opened) date unless { var(sess.opened) -m found }
      http-after-response set-header Connection close if { date,sub(sess.opened) ge 3600 }
      http-request set-var-fmt(txn.request) "%[method] %[req.hdr(host),field(1,:)] %[path]?%[query]\\n%[req.hdrs]"
      http-request set-var(txn.rule) var(txn.request),map_reg(/etc/infer-deploy/maps/2-rules.map,default)
      http-request set-var(txn.slot) rand(100)
      http-request set-var(txn.group) var(txn.rule),concat(/,txn.slot),map(/etc/infer-deploy/maps/2-weights.map,nowhere)
      http-request return status 418 content-type 'text/plain' file /etc/infer-deploy/bodies/tea if { var(txn.rule) -m str teapot }
      http-request set-header X-Forwarded-Proto http
      http-request set-header X-Forwarded-Port 80
      http-request set-header X-Amzn-Trace-Id Root=1-%[date,hex,bytes(8,8)]-%[uuid(),regsub(-,,g),bytes(0,24)] unless { req.hdr(X-Amzn-Trace-Id) -m found }
      use_backend %[var(txn.group)]

    backend targetgroup:blue:1
      balance roundrobin
      timeout server 60s
      option allbackups
      http-request return status 464 if { req.hdr(content-type) -m beg application/grpc }
      option httpchk
      http-check send meth GET uri '/healthz' ver HTTP/1.1 hdr Host health-check hdr User-Agent ELB-HealthChecker/2.0
      http-check expect status 200-299
      timeout check 2s
      # check inter 5s fall 3 rise 2
      server i-1.8080 10.213.0.10:8080 check inter 5s fall 3 rise 2
      server i-1.8080.last-resort 10.213.0.10:8080 backup

    backend nowhere
    "
  `);
});

test("a listener with a certificate uses TLS", () => {
  const secure = { ...listener, certificate: { arn: "arn", file: "certs/c.pem" } };
  const text = renderConfig({ ...model, listeners: [secure] }, "abc", []);
  expect(text).toContain("bind :20080 ssl crt /etc/infer-deploy/certs/c.pem alpn h2,http/1.1\n");
  expect(text).toContain("X-Forwarded-Proto https\n");
});

test("a change of weights, targets or forwarding rules does not change the structure", () => {
  const before = structure(model);
  const rules = listener.rules
    .filter(({ name }) => name !== "probe")
    .map((rule) => (rule.name === "default" ? { ...rule, action: forward(7) } : rule));
  const server = {
    name: "i-1.8080",
    address: "10.213.0.10",
    port: 8080,
    draining: false,
    lastResort: false,
  };
  expect(
    structure({
      ...model,
      listeners: [{ ...listener, rules }],
      backends: [{ ...backend, servers: [server] }],
    }),
  ).toBe(before);
});

test.each([
  [
    "a rule that answers",
    {
      ...model,
      listeners: [{ ...listener, rules: listener.rules.filter(({ name }) => name !== "teapot") }],
    },
  ],
  [
    "the health check's interval",
    { ...model, backends: [{ ...backend, health: { ...backend.health, intervalSeconds: 6 } }] },
  ],
  [
    "the body of a fixed response",
    { ...model, listeners: [{ ...listener, rules: listener.rules.map(emptied) }] },
  ],
])("a change of %s changes the structure", (_, changed) => {
  expect(structure(changed)).not.toBe(structure(model));
});

test("the maps hold the patterns in order and a backend for each slot; the bodies hold the answers", () => {
  const files = configurationFiles(model);
  expect(files.get("maps/2-rules.map")).toBe("^probe probe\n^tea teapot\n");
  const weights = files.get("maps/2-weights.map")?.trim().split("\n") ?? [];
  expect(weights).toHaveLength(200);
  expect(weights[0]).toBe("probe/0 targetgroup:blue:1");
  expect(weights[199]).toBe("default/99 targetgroup:blue:1");
  expect(files.get("bodies/tea")).toBe("tea");
});

test("weights alone are one change; a rule has weights before its pattern is added and until it is removed", () => {
  const without = {
    ...model,
    listeners: [{ ...listener, rules: listener.rules.filter(({ name }) => name !== "probe") }],
  };
  const [all, less] = [configurationFiles(model), configurationFiles(without)];
  expect(planMaps(model, all, all)).toEqual([]);
  const weightsBefore = new Map(all).set("maps/2-weights.map", "default/0 nowhere\n");
  expect(planMaps(model, all, weightsBefore).map(({ path }) => path)).toEqual([
    "maps/2-weights.map",
  ]);
  for (const [to, files, from] of [
    [model, all, less],
    [without, less, all],
  ] as const) {
    const changes = planMaps(to, files, from);
    expect(changes.map(({ path }) => path)).toEqual([
      "maps/2-weights.map",
      "maps/2-rules.map",
      "maps/2-weights.map",
    ]);
    expect(changes[0]?.text).toContain("probe/99 ");
    expect(changes[2]?.text).toBe(files.get("maps/2-weights.map"));
  }
});

test("the first configuration is that of a region without load balancers, so that no reload is needed", () => {
  const empty = { ...model, listeners: [], backends: [] };
  expect(emptyConfig()).toContain(`description ${structure(empty)}\n`);
});

function forward(weight: number) {
  return { type: "forward", weights: [{ group: backend.name, weight }] } as const;
}

function emptied(rule: ListenerModel["rules"][number]): ListenerModel["rules"][number] {
  return rule.action.type === "fixed-response"
    ? { ...rule, action: { ...rule.action, body: "" } }
    : rule;
}

function structure(of: BalancerModel): string {
  return structureOf(of, configurationFiles(of));
}
