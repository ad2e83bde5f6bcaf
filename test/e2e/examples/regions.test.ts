import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  UpdateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import { sandboxCredentials } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { createAwsClients, type AwsClients } from "../../../src/aws/clients.ts";
import { findZones } from "../../../src/aws/dns/hosted-zones.ts";
import type { OverviewDocument } from "../../../src/views/parts/overview.ts";
import { repository } from "../../_helpers/cli.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { leaveUnrun } from "../../_helpers/printed-runs.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";

/** examples/regions: a second region serves while the first one has no healthy instance. */
let project: Project;
let example: Example;
const regions = { frankfurt: "eu-central-1", dublin: "eu-west-1" } as const;
const address = "https://api.example.com/";

type City = keyof typeof regions;
interface Example extends Readonly<Record<string, unknown>> {
  readonly environments: Readonly<Record<City, object>>;
}

beforeAll(async () => {
  project = await createProject("regions");
  const file = join(repository, "examples", "regions", "infer-deploy.yml");
  example = {
    ...(parse(await readFile(file, "utf8")) as Example),
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
  };
  await project.configure(example);
});

afterAll(async () => {
  await project.remove();
});

test("the primary is up, and other ways to share its name are refused before anything is applied", async () => {
  await up("frankfurt");
  for (const [routing, message, next] of [
    ["primary", "api.example.com has a primary already", "set routing: secondary here"],
    ["latency", "is shared with other regions by routing: primary", "set routing: secondary here"],
    ["simple", "is shared with other regions by routing: primary", "set routing: secondary here"],
  ] as const) {
    // Alone in its file: the file of both is refused when it is read.
    await configureAlone("dublin", { routing });
    const plan = await project.run("plan", "--environment", "dublin");
    expect(plan.exitCode, plan.stdout + plan.stderr).toBe(64);
    expect(plan.stderr).toContain(message);
    expect(plan.stderr).toContain(next);
    expect(plan.stderr).toMatch(
      /api\.example\.com\. {2}A {2}\S+ {2}primary frankfurt-eu-central-1/,
    );
  }
  // With `routing: secondary`, the next test runs it.
  leaveUnrun("up --sandbox regions --environment dublin");
  await project.configure(example);
});

test("both are up, and the name leads to the primary once it is known to be healthy", async () => {
  await up("dublin");
  await expectAnswer("Hello from Frankfurt");
  expect((await records()).map(({ SetIdentifier, Failover }) => [SetIdentifier, Failover])).toEqual(
    [
      ["dublin-eu-west-1", "SECONDARY"],
      ["frankfurt-eu-central-1", "PRIMARY"],
    ],
  );
});

test("status --all shows both, and a second plan finds nothing", async () => {
  const { exitCode, document } = await overview();
  expect(exitCode).toBe(0);
  expect(document).toMatchObject({
    name: "regions",
    healthy: true,
    stacks: [
      { environment: "frankfurt", region: "eu-central-1", error: null },
      { environment: "dublin", region: "eu-west-1", error: null },
    ],
  });
  for (const { status } of document.stacks) {
    expect(status).toMatchObject({ healthy: true, url: "https://api.example.com" });
    expect(status?.domains).toMatchObject([{ record: "own" }]);
  }
  for (const city of ["frankfurt", "dublin"]) {
    const plan = await project.run("plan", "--detailed-exitcode", "--environment", city);
    expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
  }
});

test("the primary's instances are gone: the name leads to the secondary", async () => {
  await resize("frankfurt", 0);
  await expectAnswer("Hello from Dublin");
  const text = await project.run("status", "--all");
  expect(text.exitCode, text.stderr).toBe(1);
  expect(text.stdout).toMatch(/^frankfurt +eu-central-1 +https:\/\/api\.example\.com +\S+ +NO /m);
  expect(text.stdout).toMatch(/^dublin +eu-west-1 +https:\/\/api\.example\.com +\S+ +yes /m);
  expect(text.stdout).toContain("frankfurt: NOT HEALTHY");
});

test("they are back: so is the name", async () => {
  await resize("frankfurt", 1);
  await expectAnswer("Hello from Frankfurt");
});

test("the policies of docs/reference/iam.md allow the calls to Route53, and no call is missing", async () => {
  const { all, place, routing } = await pagePolicies(project, {
    name: "regions",
    region: "eu-central-1",
  });
  const calls = (await recordedCalls(project)).filter(({ action }) =>
    action.startsWith("route53:"),
  );
  expect(calls.map(({ action }) => action)).toContain("route53:CreateHealthCheck");
  const { denied } = await examinePolicies([...all, routing], calls, place);
  expect(denied).toEqual([]);
});

test("without the primary's stack the name still answers, from the other region", async () => {
  const destroyed = await project.run("destroy", "--yes", "--environment", "frankfurt");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  // The other certificate renews by the same record.
  expect(destroyed.stderr).toContain("other certificates renew by it: arn:aws:acm:eu-west-1:");
  await expectAnswer("Hello from Dublin");
  const { exitCode, document } = await overview();
  expect(exitCode).toBe(1);
  expect(document.stacks).toMatchObject([
    { environment: "frankfurt", status: null, error: { exit_code: 1 } },
    { environment: "dublin", status: { healthy: true }, error: null },
  ]);
  const plan = await project.run("plan", "--detailed-exitcode", "--environment", "dublin");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
});

test("without both, nothing is left", async () => {
  const destroyed = await project.run("destroy", "--yes", "--environment", "dublin");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  expect(await records()).toEqual([]);
  const route53 = await (await clients("dublin")).route53();
  expect((await route53.send(new ListHealthChecksCommand({}))).HealthChecks).toEqual([]);
});

async function up(city: City): Promise<void> {
  const args = ["--yes", "--environment", city, ...(await project.buildArgs())];
  const made = await project.run("up", ...args);
  expect(made.exitCode, made.stderr).toBe(0);
}

async function configureAlone(city: City, changes: object): Promise<void> {
  const { environments } = example;
  await project.configure({
    ...example,
    environments: { [city]: { ...environments[city], ...changes } },
  });
}

async function overview(): Promise<{ exitCode: number; document: OverviewDocument }> {
  const { exitCode, stdout } = await project.run("status", "--all", "--json");
  return { exitCode, document: JSON.parse(stdout) as OverviewDocument };
}

/** Two minutes for the alarm, and what a busy machine adds. */
async function expectAnswer(text: string): Promise<void> {
  await expect
    .poll(
      async () => {
        // Each has its own connections: one that is open still leads to the other region.
        const ask = createSandboxFetch(project.env, project.sandbox, "name");
        return (await ask(address).then(async (answer) => answer.text())).trim();
      },
      { timeout: 420_000, interval: 2000 },
    )
    .toBe(text);
}

/** As if the region had lost, or got back, the instances of the colour that serves. */
async function resize(city: City, count: number): Promise<void> {
  const autoScaling = await (await clients(city)).autoScaling();
  const { AutoScalingGroups = [] } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({
      AutoScalingGroupNames: [`regions-${city}-blue`],
    }),
  );
  expect(AutoScalingGroups).toHaveLength(1);
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: `regions-${city}-blue`,
      MinSize: count,
      DesiredCapacity: count,
    }),
  );
}

/** Those of the domain, which have its name or prove it, by their set identifiers. */
async function records(): Promise<readonly ResourceRecordSet[]> {
  const route53 = await (await clients("dublin")).route53();
  const [zone] = await findZones(route53, "example.com");
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone?.id }),
  );
  return ResourceRecordSets.filter(({ Type }) => Type === "A").toSorted((one, other) =>
    (one.SetIdentifier ?? "") < (other.SetIdentifier ?? "") ? -1 : 1,
  );
}

async function clients(city: City): Promise<AwsClients> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  return createAwsClients({
    region: regions[city],
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  });
}
