import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { sandboxCredentials } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { createProject, type Project } from "../../_helpers/project.ts";

/** examples/grpc, called with gRPC's own client through the address. */
let project: Project;
let example: Record<string, unknown>;
let port = "";
const domain = "shout.example.com";
const name = "proto-grpc";

beforeAll(async () => {
  project = await createProject(name);
  const folder = join(repository, "examples", "grpc");
  await cp(folder, join(project.folder, "app"), { recursive: true });
  const text = await readFile(join(folder, "infer-deploy.yml"), "utf8");
  example = parse(text) as Record<string, unknown>;
  await configure({});
});

afterAll(() => project.remove());

test("without HTTPS, on one machine, and with what gRPC has not, it is refused with the line", async () => {
  const { domain: _, zone: __, ...bare } = example;
  await configure({}, bare);
  expect(await refusal()).toMatch(
    /infer-deploy\.yml:\d+:\d+ +requests\.protocol: found grpc without a domain, allowed http1, or grpc with a domain and a zone/,
  );
  await configure({ topology: "single" });
  expect(await refusal()).toMatch(/requests\.protocol: found grpc with topology: single/);
  await configure({ health: { path: "/healthz", codes: [200] } });
  const both = await refusal();
  expect(both).toContain("health.path: found /healthz with requests.protocol: grpc");
  expect(both).toContain("health.codes[0]: found 200 with requests.protocol: grpc");
});

test("a real client calls it through the address, one answer at a time and as a stream", async () => {
  await configure({});
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  port = /--connect-to shout\.example\.com:443:127\.0\.0\.1:(\d+)/.exec(up.stderr)?.[1] ?? "";
  const calls = await call(3);
  expect(calls).toMatchObject({ failures: [], versions: { "1": calls.calls } });
  expect(calls.streams).toBeGreaterThan(0);
});

test("its target groups and their checks are AWS's for gRPC, and another protocol gets AWS's 464", async () => {
  const groups = await targetGroups();
  expect(groups).toHaveLength(2);
  for (const group of groups) {
    expect(group).toMatchObject({
      ProtocolVersion: "GRPC",
      HealthCheckPath: "/grpc.health.v1.Health/Check",
      Matcher: { GrpcCode: "0" },
    });
  }
  const asked = ["--connect-to", `${domain}:443:127.0.0.1:${port}`, "--cacert", await authority()];
  const format = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}"];
  const { stdout } = await execa("curl", [...asked, ...format, "--http1.1", `https://${domain}/`]);
  expect(stdout).toBe("464");
});

test("a second up changes nothing, and status finds the address healthy", async () => {
  const plan = await project.run("plan", "--json");
  expect(plan.exitCode, plan.stderr).toBe(0);
  expect((JSON.parse(plan.stdout) as PlanDocument).changes).toEqual([]);
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ healthy: true });
});

test("another protocol is refused while a version serves", async () => {
  await configure({ requests: { protocol: "http2" }, release: {} });
  const plan = await project.run("plan");
  expect(plan.exitCode, plan.stdout).toBe(64);
  expect(plan.stderr).toContain("The protocol of a stack cannot change.");
  expect(plan.stderr).toContain("set requests.protocol back to grpc");
});

test("a version whose health service does not say SERVING gets no calls", async () => {
  await configure({ env: { VERSION: "bad", SERVING: "no" } });
  const [calls, release] = await Promise.all([call(60), releaseOf("bad")]);
  expect(release.exitCode, release.stderr).not.toBe(0);
  expect(release.stderr).toContain("answered with NOT_SERVING, not SERVING");
  expect(calls).toMatchObject({ failures: [], versions: { "1": calls.calls } });
});

test("the next version takes over under calls and streams, and none fails", async () => {
  await configure({ env: { VERSION: "2" } });
  const client = call(120);
  const release = await releaseOf("v2");
  expect(release.exitCode, release.stderr).toBe(0);
  const calls = await client;
  expect(calls.failures).toEqual([]);
  expect(Object.keys(calls.versions).toSorted()).toEqual(["1", "2"]);
  expect(calls.streams).toBeGreaterThan(10);
  expect(await call(0)).toMatchObject({ versions: { "2": 1 } });
});

interface Calls {
  readonly calls: number;
  readonly streams: number;
  readonly versions: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

/** Calls all the time for that many seconds, and at least once. */
async function call(seconds: number): Promise<Calls> {
  const mount = ["--volume", `${await authority()}:/ca.crt:ro`];
  const container = ["run", "--rm", "--network", "host", ...mount, `infer-deploy-build/${name}`];
  const client = ["venv/bin/python", "client.py", `127.0.0.1:${port}`];
  const options = ["--ca", "/ca.crt", "--name", domain, "--seconds", String(seconds)];
  const { stdout } = await execa("docker", [...container, ...client, ...options]);
  return JSON.parse(stdout) as Calls;
}

async function releaseOf(version: string) {
  return project.run("release", "--version", version, ...(await project.buildArgs()));
}

async function authority(): Promise<string> {
  return join(sandboxFolder(project.env, project.sandbox), "certs", "ca.crt");
}

async function targetGroups() {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const client = new ElasticLoadBalancingV2Client({
    region: "eu-central-1",
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  });
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups;
}

async function configure(changes: object, base = example): Promise<void> {
  await project.configure({
    ...base,
    name,
    protection: false,
    image: { ...(base["image"] as object), context: "app" },
    instances: { type: "t3.small", min: 1, max: 2 },
    network: { egress: "public" },
    health: { timeout: "45s" },
    release: { ...(base["release"] as object), bake: "10s" },
    ...changes,
  });
}

async function refusal(): Promise<string> {
  const plan = await project.run("plan");
  expect(plan.exitCode, plan.stdout).toBe(64);
  return plan.stderr;
}
