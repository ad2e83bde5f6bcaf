import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import type { CliResult } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { startCli } from "../../_helpers/running-cli.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** What `up` and `status` say when one machine's certificate, name or life is in trouble, and that the next command helps. */
const stack = { name: "machine-faults", region: "eu-west-1" };
const domain = "api.example.com";
const url = `https://${domain}/`;
let project: Project;
let ask: typeof fetch;
/** Of the first `up`. */
let refused: CliResult;

beforeAll(async () => {
  project = await createProject(stack.name);
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  await greet("v1");
  await project.runSandbox("start", "--weather", "authority-busy=60s");
});

afterAll(() => project.remove());

test("up ends with the authority's words when it refuses the order, and keeps the machine", async () => {
  refused = await project.run("up", "--yes", "--version", "v1", ...(await project.buildArgs()));
  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toMatch(
    /because its certificate is waiting, next try at 20\S+Z: too many new orders recently.*\(rateLimited\)/,
  );
  expect(refused.stderr).toMatch(
    /wait: Caddy tries again by itself.*then run infer-deploy up --sandbox machine-faults again/,
  );
  const screen = (await project.run("status")).stdout;
  expect(screen).toMatch(
    /domain {4}api\.example\.com {2}leads here, certificate waiting, next try at 20/,
  );
  expect(screen).toMatch(/problem {3}too many new orders recently.*; wait: /);
});

test("up succeeds once the authority takes orders again", async () => {
  // So that a renewal is due soon.
  await project.runSandbox("weather", "short-certificates=4m");
  await project.runPrinted(refused, "--yes", ...(await project.buildArgs()));
  expect(await (await ask(url)).text()).toBe("v1\n");
});

test("a renewal that fails is in status and sets the alarm off, and the old certificate serves", async () => {
  await project.runSandbox("weather", "short-certificates=4m", "authority-down");
  await expect.poll(async () => (await certificate())?.problem, slowly).toMatch(/503/);
  expect(await certificate()).toMatchObject({ status: "ISSUED", next_try: expect.any(String) });
  expect((await project.run("status")).stdout).toContain("ITS RENEWAL FAILS, next try at 20");
  expect((await ask(url)).status).toBe(200);
  const alarms = async () =>
    (await project.status()).alarms.flatMap(({ name, state }) => (state === "ALARM" ? [name] : []));
  await expect.poll(alarms, slowly).toContain(`${stack.name}-production-machine-certificate`);
  await project.runSandbox("weather", "none");
  await expect.poll(async () => (await certificate())?.problem, slowly).toBeNull();
});

test("a machine that is killed in a release rolls the release back, comes back whole, and the next release succeeds", async () => {
  await greet("v2");
  const args = ["release", "--sandbox", project.sandbox, "--version", "v2"];
  const release = startCli([...args, "--strategy", "canary", ...(await project.buildArgs())], {
    cwd: project.folder,
    env: project.env,
  });
  await release.waitFor(/25 % of the traffic/);
  const [first] = (await project.status()).instances;
  const machine = first?.id.replace(/-\w+$/, "") ?? "";
  await execa("docker", ["kill", `infer-deploy-${project.sandbox}-${machine}`]);
  const end = await release.ended;
  expect([3, 4]).toContain(end.exitCode);
  const answer = async () =>
    ask(url).then(
      async (found) => found.text(),
      () => "",
    );
  await expect.poll(answer, slowly).toBe("v1\n");
  await expect.poll(async () => (await project.status()).healthy, slowly).toBe(true);
  await project.succeed("release", "--version", "v2", ...(await project.buildArgs()));
  expect(await answer()).toBe("v2\n");
});

test("a name that leads elsewhere is in status, and up says whose record is in the way", async () => {
  await point("UPSERT", "192.0.2.99");
  expect((await project.run("status")).stdout).toContain("LEADS ELSEWHERE");
  const end = await project.run("up", "--yes", "--refresh", ...(await project.buildArgs()));
  expect(end.exitCode).toBe(64);
  expect(end.stderr).toContain("192.0.2.99");
  await point("DELETE", "192.0.2.99");
  await project.runPrinted(end, "--yes", ...(await project.buildArgs()));
  expect((await project.status()).domains).toMatchObject([{ record: "own" }]);
  expect(await (await ask(url)).text()).toBe("v2\n");
});

async function greet(version: string): Promise<void> {
  await project.configure({
    ...stack,
    topology: "single",
    protection: false,
    domain,
    zone: "example.com",
    image: { context: contextFor(project, "test/stream-app"), port: 8000 },
    health: { path: "/healthz" },
    instances: { type: "t3.small" },
    env: { GREETING: version },
    release: { bake: "5s", canary: { weight: 25, bake: "60s" }, probe: { path: "/" } },
  });
}

/** Someone else changes the domain's record. */
async function point(action: "UPSERT" | "DELETE", address: string): Promise<void> {
  const { aws } = await openStackBucket(project, stack);
  const route53 = await aws.route53();
  const { HostedZones: [zone] = [] } = await route53.send(new ListHostedZonesCommand({}));
  const record: ResourceRecordSet = {
    Name: domain,
    Type: "A",
    TTL: 60,
    ResourceRecords: [{ Value: address }],
  };
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone?.Id ?? "",
      ChangeBatch: { Changes: [{ Action: action, ResourceRecordSet: record }] },
    }),
  );
}

async function certificate() {
  return (await project.status()).domain?.certificate;
}

/** Caddy looks for what is due once a minute, and tries again after minutes. */
const slowly = { timeout: 400_000, interval: 3000 };
