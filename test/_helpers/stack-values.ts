import type { StackFacts, StackInput } from "../../src/stack/stack-input.ts";

/** The settings of a small production stack; tests change what they are about. */
export function stackInput(changes: Partial<StackInput> = {}): StackInput {
  return {
    name: "embeddings",
    environment: "production",
    region: "eu-central-1",
    topology: "fleet",
    image: { port: 8080 },
    release: { before: null },
    health: {
      path: "/healthz",
      codes: null,
      intervalSeconds: 5,
      timeoutSeconds: 120,
      unhealthyThreshold: 6,
      drainSeconds: 10,
    },
    requests: { timeoutSeconds: 60, protocol: "http1" },
    scaling: { metric: null, target: null, series: null, schedules: [] },
    secrets: {},
    model: null,
    https: null,
    routing: "simple",
    cache: [],
    instances: {
      type: "t3.small",
      otherTypes: [],
      spot: null,
      cpuCredits: "unlimited",
      min: 2,
      max: 4,
      diskGb: 30,
      bootTimeoutSeconds: 600,
    },
    network: {
      cidr: "10.42.0.0/16",
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
      strictTransportSecurity: "max-age=60",
      contentTypeOptions: "nosniff",
      frameOptions: null,
      contentSecurityPolicy: null,
    },
    domains: [],
    zone: null,
    tags: { team: "ml" },
    logs: { retentionDays: 30 },
    protection: false,
    alarms: { serverErrors: 5, p99Seconds: 2, unhealthyHosts: 3, unanswered: 20, notify: [] },
    alerts: null,
    dashboard: false,
    budget: null,
    metrics: { instances: false, path: "/metrics", series: [] },
    ...changes,
  };
}

export function stackFacts(changes: Partial<StackFacts> = {}): StackFacts {
  return {
    account: "123456789012",
    amiId: "ami-0123456789abcdef0",
    zones: ["eu-central-1a", "eu-central-1b"],
    ...changes,
  };
}
