import { expect, test } from "vitest";
import { overlaySettings, settle } from "./settle.ts";

test("two keys are a whole configuration", () => {
  expect(settle("my-api", "production", "eu-central-1", {})).toEqual({
    model: null,
    name: "my-api",
    environment: "production",
    region: "eu-central-1",
    topology: "fleet",
    image: {
      ref: null,
      excess: [],
      target: null,
      secrets: [],
      context: ".",
      dockerfile: "Dockerfile",
      buildArgs: {},
      port: 8080,
      platform: "linux/amd64",
      attest: "auto",
    },
    container: {
      entrypoint: null,
      command: null,
      user: null,
      stopSeconds: null,
      ulimits: {},
      readOnly: true,
      writable: [],
      tmp: { sizeMb: null, exec: false },
      capabilities: [],
      shmMb: 64,
      cache: null,
      gpus: 0,
    },
    health: {
      path: "/healthz",
      codes: null,
      intervalSeconds: 5,
      timeoutSeconds: 120,
      unhealthyThreshold: 6,
      drainSeconds: 60,
      failFast: true,
    },
    requests: { timeoutSeconds: 60, protocol: "http1" },
    version: null,
    instances: {
      type: "t3.small",
      otherTypes: [],
      spot: null,
      cpuCredits: "unlimited",
      min: 2,
      max: 4,
      diskGb: 30,
      bootTimeoutSeconds: 600,
      memoryMb: null,
      machineImage: null,
    },
    workload: null,
    scaling: { metric: null, target: null, series: null, schedules: [] },
    network: {
      cidr: "10.42.0.0/16",
      zones: 2,
      egress: "nat",
      flowLogs: "refused",
      internal: false,
      allow: ["0.0.0.0/0"],
      vpc: null,
    },
    identity: { permissionsBoundary: null },
    github: null,
    state: { backend: "s3", organization: null, workspace: null },
    waf: { mode: "none", rate: 10_000 },
    auth: "none",
    oidc: null,
    responseHeaders: {
      strictTransportSecurity: "max-age=31536000",
      contentTypeOptions: "nosniff",
      frameOptions: "DENY",
      contentSecurityPolicy: null,
    },
    domains: [],
    zone: null,
    routing: "simple",
    https: null,
    cache: [],
    env: {},
    secrets: {},
    tags: {},
    logs: { retentionDays: 30 },
    protection: true,
    release: {
      strategy: "blue-green",
      bakeSeconds: 300,
      before: null,
      timeoutSeconds: 1800,
      keepPreviousSeconds: 600,
      alarms: [],
      canary: { weight: 10, bakeSeconds: 300 },
      linear: { step: 20, intervalSeconds: 60 },
      rolling: { batch: 1 },
      scan: "none",
      probe: {
        path: "/healthz",
        method: "GET",
        headers: {},
        body: null,
        status: 200,
        jsonPath: null,
        timeoutSeconds: 5,
        failures: 3,
        window: 10,
      },
    },
    alarms: { serverErrors: 5, p99Seconds: 2, unhealthyHosts: 1, unanswered: 20, notify: [] },
    alerts: null,
    dashboard: false,
    budget: null,
    expires: null,
    metrics: { instances: false, path: "/metrics", series: [] },
  });
});

test("some defaults follow other values", () => {
  const staging = settle("my-api", "staging", "eu-central-1", {
    instances: { type: "t4g.small", min: 6 },
    version: { path: "/v" },
    health: { path: "/ready" },
  });
  expect(staging.protection).toBe(false);
  expect(staging.image.platform).toBe("linux/arm64");
  expect(staging.instances.max).toBe(6);
  expect(staging.version).toEqual({ path: "/v", field: "version" });
  expect(staging.release.probe.path).toBe("/ready");
});

test.each([
  ["5s", 6],
  ["10s", 3],
  ["60s", 2],
])("with a check every %s, an instance is replaced after %i failed ones", (interval, expected) => {
  const settings = { health: { interval } };
  const { health } = settle("my-api", "production", "eu-central-1", settings);
  expect(health.unhealthyThreshold).toBe(expected);
});

test("requests in flight get as long as a request may take, at most AWS's hour", () => {
  const drainOf = (requests: string, drain?: string) =>
    settle("my-api", "production", "eu-central-1", {
      requests: { timeout: requests },
      ...(drain !== undefined && { health: { drain } }),
    }).health.drainSeconds;
  expect(drainOf("2m")).toBe(120);
  expect(drainOf("4000s")).toBe(3600);
  expect(drainOf("2m", "5m")).toBe(300);
  expect(drainOf("2m", "5s")).toBe(5);
});

test("what the file says comes before the defaults", () => {
  const config = settle("my-api", "production", "eu-central-1", {
    health: { fail_fast: false },
    alarms: { unhealthy_hosts: 2 },
  });
  expect(config.health.failFast).toBe(false);
  expect(config.alarms.unhealthyHosts).toBe(2);
});

test("numbers and booleans of env, tags and build arguments become text", () => {
  const config = settle("a", "b", "eu-central-1", {
    env: { A: 1, B: true, C: "x" },
    tags: { D: 2.5 },
    image: { build_args: { E: false } },
  });
  expect(config.env).toEqual({ A: "1", B: "true", C: "x" });
  expect(config.tags).toEqual({ D: "2.5" });
  expect(config.image.buildArgs).toEqual({ E: "false" });
});

test("an environment's maps are laid over key by key, its lists and values replace", () => {
  const file = {
    name: "my-api",
    region: "eu-central-1",
    env: { A: "1", B: "2" },
    instances: { min: 3, max: 9 },
    network: { zones: 3, allow: ["10.0.0.0/8", "192.0.2.0/24"] },
    environments: {
      staging: { region: "eu-west-1", env: { B: "3" }, instances: { min: 1 } },
      lab: { network: { allow: ["203.0.113.0/24"] } },
      production: null,
    },
  } as const;
  expect(overlaySettings(file as never, "staging")).toEqual({
    region: "eu-west-1",
    env: { A: "1", B: "3" },
    instances: { min: 1, max: 9 },
    network: { zones: 3, allow: ["10.0.0.0/8", "192.0.2.0/24"] },
  });
  expect(overlaySettings(file as never, "lab").network).toEqual({
    zones: 3,
    allow: ["203.0.113.0/24"],
  });
  expect(overlaySettings(file as never, "production").instances).toEqual({ min: 3, max: 9 });
});
