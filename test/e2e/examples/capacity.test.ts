import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import type { Colour } from "../../../src/stack/colour.ts";
import type { DryRunDocument } from "../../../src/views/dry-run.ts";
import type { ReleaseDocument } from "../../../src/views/release.ts";
import { failedSamples, startLoad } from "../../_helpers/load.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** Machines that AWS does not have, or reclaims: types in order, releases that do without a second fleet, Spot Instances. */
let project: Project;
let url: string;
const stack = { name: "capacity", region: "eu-central-1" };
const types = ["c7i.large", "m7i.large"];

beforeAll(async () => {
  project = await createProject("capacity");
  await configure();
  const start = await project.runSandbox("start");
  expect(start.exitCode, start.stderr).toBe(0);
});

afterAll(() => project.remove());

test("where the first type has no capacity, the stack comes up with the second", async () => {
  await weather("no-capacity=c7i.large");
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { url: string });
  expect(await typesOf("blue")).toEqual(["m7i.large", "m7i.large"]);
  await weather("none");
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  expect(plan.stdout).toContain("2 c7i.large, the first of instances.type");
});

test("auto takes a second fleet where there is one, with the preferred type", async () => {
  await configure({ A: "1" });
  const plan = await project.run("plan");
  expect(plan.stdout).toContain("release.strategy auto: blue-green now, because no quota stands");
  expect(await dryRun()).toMatchObject({ strategy: "blue-green" });
  const { document, stderr } = await release();
  expect(document).toMatchObject({
    strategy: "blue-green",
    strategy_reason: "no quota stands against 2 further instances",
  });
  expect(stderr).toContain("release.strategy auto: blue-green, because no quota stands against");
  expect(await typesOf("green")).toEqual(["c7i.large", "c7i.large"]);
});

test("without machines for it the running instances take the version, in the same run", async () => {
  await weather("no-capacity=c7i.large+m7i.large");
  const before = await idsOf("green");
  await configure({ A: "2" });
  const { document, stderr } = await release();
  expect(document).toMatchObject({ release: 4, colour: "green", strategy: "rolling" });
  expect(stderr).toContain("a second fleet cannot start: Auto Scaling could not launch");
  // None of the scarce machines has left.
  expect((await idsOf("green")).toSorted()).toEqual(before.toSorted());
  const history = await project.run("releases", "--json");
  expect(history.stdout).toContain("InsufficientInstanceCapacity");
});

test("a quota without room is known before anything starts", async () => {
  await weather("no-capacity=vcpu");
  await configure({ A: "3" });
  expect(await dryRun()).toMatchObject({
    strategy: "rolling",
    strategy_reason: expect.stringMatching(/^quota vCPUs of running standard.*in use/),
  });
  await weather("none");
});

test("a Spot Instance that AWS reclaims leaves without a failed request", async () => {
  await configure({ A: "3" }, { spot: { base: 1, share: 100 } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect((await release()).document).toMatchObject({ colour: "blue", strategy: "blue-green" });
  const spots = (await described(await idsOf("blue"))).filter((one) => one.InstanceLifecycle);
  expect(spots.map((one) => one.InstanceLifecycle)).toEqual(["spot"]);
  const taken = spots[0]?.InstanceId;
  const load = startLoad(async () => ({ status: (await fetch(healthUrl())).status }), 10);
  try {
    await weather("spot-notice=45s");
    await expect.poll(async () => stateOf(taken), patience).toBe("leaving");
    expect((await project.run("status")).stdout).toContain("It gets no new requests");
    await expect.poll(async () => stateOf(taken), patience).toBeUndefined();
    await weather("none");
  } finally {
    const samples = await load.stop();
    expect(failedSamples(samples)).toEqual([]);
    // The instance ends once its successor is healthy, which takes from twenty seconds to a minute here: ten requests a second.
    expect(samples.length).toBeGreaterThan(150);
  }
});

async function configure(
  env: Readonly<Record<string, string>> = {},
  instances: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await project.configure({
    ...stack,
    protection: false,
    image: {
      context: contextFor(project, "test/e2e/fixtures/dockerfiles"),
      dockerfile: "python/Dockerfile",
      port: 8000,
    },
    health: { path: "/healthz", interval: "5s", unhealthy_threshold: 2, drain: "5s" },
    instances: { type: types, min: 2, max: 4, ...instances },
    network: { egress: "public" },
    release: { strategy: "auto", bake: "0s" },
    env,
  });
}

/** A release during which no request may fail. */
async function release(): Promise<{ readonly document: ReleaseDocument; readonly stderr: string }> {
  const ask = async () => ({ status: (await fetch(healthUrl())).status });
  const load = startLoad(ask, 10);
  const end = await project.run("release", "--json", ...(await project.buildArgs()));
  const samples = await load.stop();
  expect(end.exitCode, end.stderr).toBe(0);
  expect(samples.length).toBeGreaterThan(100);
  expect(failedSamples(samples), end.stderr).toEqual([]);
  return { document: JSON.parse(end.stdout) as ReleaseDocument, stderr: end.stderr };
}

function healthUrl(): URL {
  return new URL("/healthz", url);
}

async function dryRun(): Promise<DryRunDocument> {
  const end = await project.run("release", "--dry-run", "--json", ...(await project.buildArgs()));
  expect(end.stdout, end.stderr).not.toBe("");
  return JSON.parse(end.stdout) as DryRunDocument;
}

async function weather(...conditions: readonly string[]): Promise<void> {
  const changed = await project.runSandbox("weather", ...conditions);
  expect(changed.exitCode, changed.stderr).toBe(0);
}

/** The types of the colour's instances in AWS's own list. */
async function typesOf(colour: Colour): Promise<readonly (string | undefined)[]> {
  return (await described(await idsOf(colour))).map(({ InstanceType }) => InstanceType);
}

async function idsOf(colour: Colour): Promise<string[]> {
  return (await members()).filter((one) => one.colour === colour).map(({ id }) => id);
}

async function stateOf(id: string | undefined): Promise<string | undefined> {
  return (await members()).find((one) => one.id === id)?.state;
}

async function members(): Promise<StatusDocument["instances"]> {
  const status = await project.run("status", "--json");
  return (JSON.parse(status.stdout) as StatusDocument).instances;
}

async function described(InstanceIds: string[]): Promise<readonly Instance[]> {
  const ec2 = await (await openStack(project, stack)).aws.ec2();
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

const patience = { timeout: 300_000, interval: 2000 };
