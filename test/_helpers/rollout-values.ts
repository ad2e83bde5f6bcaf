import type { AgentState } from "../../src/state/reports/agent-state.ts";
import type { ReleaseRecord } from "../../src/state/release-record.ts";
import type { InstanceSnapshot, Snapshot } from "../../src/release/observe/snapshot.ts";
import type { FleetOutputs, StackRecord } from "../../src/state/stack-record.ts";

/** Release 7 of version v7 on blue, as it is while it runs; tests change what they are about. */
export function release(changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    schema_version: 1,
    release: 7,
    kind: "release",
    deployment: 7,
    replaces: null,
    version: "v7",
    digest: "sha256:77",
    image: "registry/app@sha256:77",
    colour: "blue",
    who: "ada@laptop",
    created: "2026-01-01T00:00:00.000Z",
    finished: null,
    message: null,
    strategy: null,
    outcome: "in-progress",
    reason: null,
    taken_back_by: null,
    context_hash: "c7",
    container: {
      port: 8080,
      health: { path: "/healthz", timeout_seconds: 60 },
      memory_mb: null,
      env: {},
      secrets: {},
      log_group: "/infer-deploy/app/production/app",
    },
    ...changes,
  };
}

export function agent(changes: Partial<AgentState> = {}): AgentState {
  return {
    schema_version: 1,
    instance: "i-1",
    zone: "eu-west-1a",
    colour: "blue",
    release: 7,
    version: "v7",
    digest: "sha256:77",
    state: "starting",
    detail: "",
    exit_code: null,
    restarts: 0,
    log_tail: [],
    at: "2026-01-01T00:00:10.000Z",
    ...changes,
  };
}

export function instance(changes: Partial<InstanceSnapshot> = {}): InstanceSnapshot {
  return {
    id: "i-1",
    zone: "eu-west-1a",
    colour: "blue",
    lifecycle: "InService",
    targetHealth: "initial",
    targetReason: "",
    agent: agent(),
    ...changes,
  };
}

export function snapshot(changes: Partial<Omit<Snapshot, "groups">> = {}): Snapshot {
  const group = { desired: 1, min: 1, max: 4, zones: ["eu-west-1a"], launches: [] };
  return {
    weights: { blue: 100, green: 0 },
    groups: { blue: group, green: group },
    instances: [],
    releases: [],
    alarms: [],
    address: { answered: true, version: "v7", detail: "GET /version answered 200" },
    ...changes,
  };
}

/** Of a fleet. */
export function stackRecord(): StackRecord & { readonly outputs: FleetOutputs } {
  return {
    schema_version: 1,
    name: "app",
    environment: "production",
    region: "eu-west-1",
    account: "123456789012",
    applied_hash: "h",
    state_serial: 4,
    ami_id: "ami-1",
    zones: ["eu-west-1a", "eu-west-1b"],
    applied_at: "2026-01-01T00:00:00.000Z",
    outputs: {
      url: "http://app.example",
      load_balancer_dns_name: "app.example",
      load_balancer_arn: "arn:lb",
      listener_arn: "arn:listener",
      target_group_arns: { blue: "arn:blue", green: "arn:green" },
      autoscaling_group_names: { blue: "app-blue", green: "app-green" },
      release_pointers: { blue: "/p/blue", green: "/p/green" },
      repository_url: "registry/app",
      repository_name: "app",
      log_groups: { app: "/app", boot: "/boot" },
      alarm_names: {
        blue: alarmNames("blue"),
        green: alarmNames("green"),
        load_balancer: { unanswered: "app-production-unanswered" },
      },
    },
  };
}

function alarmNames(colour: string) {
  const name = (kind: string): string => `app-production-${colour}-${kind}`;
  return { errors: name("errors"), latency: name("latency"), unhealthy: name("unhealthy") };
}
