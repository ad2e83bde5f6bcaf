import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { Colour } from "../../../src/stack/colour.ts";
import { repository } from "../../_helpers/cli.ts";
import { emittedMetrics, metricsOf } from "../../_helpers/emitted-metrics.ts";
import { failedSamples, startLoad, type Load } from "../../_helpers/load.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";
import { startCli } from "../../_helpers/running-cli.ts";
import { expectOneAwake } from "../../_helpers/scaling-groups.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** examples/scaling-series: the load doubles, the instances follow the app's own series, and releases keep what serves. */
let project: Project;
let example: Readonly<Record<string, object>>;
let url = "";
const loads: Load[] = [];
const stack = { name: "scaling-series", region: "eu-central-1" };

beforeAll(async () => {
  project = await createProject("series");
  const file = join(repository, "examples", "scaling-series", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
});

afterAll(async () => {
  await Promise.all(loads.map(async (one) => one.stop()));
  await project.remove();
});

test("a series that no instance publishes is refused with its line, and up names what does", async () => {
  await configure({ metrics: { series: ["predictions_running"] } });
  const refused = await project.run("up", "--yes");
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(
    /infer-deploy\.yml:\d+:\d+ +scaling\.series: found "predictions_total", which metrics\.series does not name/,
  );
});

test("at half of the load one instance serves, and only its colour follows its policy", async () => {
  await configure({});
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { url: string });
  // 60 a minute, of 90.
  addLoad(1);
  expect((await project.status()).scaling).toMatchObject({
    desired: 1,
    policies: [{ metric: "predictions_total", target: 90 }],
  });
  await awake("blue", 1);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("the load doubles: a second instance starts", async () => {
  addLoad(1);
  await expect
    .poll(async () => (await project.status()).scaling, { timeout: 420_000, interval: 3000 })
    .toMatchObject({ desired: 2, last: { from: 1, to: 2, by: "target" } });
  expect((await project.run("status")).stdout).toMatch(
    /scaling {3}2 instances of 1 to 2, at its limit, for 90 predictions_total each; 1 -> 2 by target/,
  );
});

test("what the policy looks at was emitted for the colour that serves", async () => {
  const { aws, outputs } = await openStack(project, stack);
  const watch = await aws.cloudWatch();
  const AlarmNamePrefix = `TargetTracking-${outputs.autoscaling_group_names.blue}-`;
  const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({ AlarmNamePrefix }));
  const looked = new Set(MetricAlarms.flatMap(metricsOf));
  expect([...looked]).toEqual([
    "InferDeploy predictions_total Colour=blue Stack=scaling-series-production",
  ]);
  expect([...(await emittedMetrics(watch))]).toEqual(expect.arrayContaining([...looked]));
});

test("a release in the middle starts as many as serve, and the new colour scales", async () => {
  await configure({ env: { A: "1" } });
  const release = await project.run("release", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(0);
  await awake("green", 2);
});

test("kill -9 while it watches: status reports it, rollback settles it, and one colour scales", async () => {
  await configure({ env: { A: "2" }, release: { bake: "2m", keep_previous: "1m" } });
  const args = ["release", "--sandbox", project.sandbox, ...(await project.buildArgs())];
  const killed = startCli(args, { cwd: project.folder, env: project.env });
  await killed.waitFor(/Give \S+ all traffic/);
  await expect.poll(servingWeight, { timeout: 60_000, interval: 500 }).toBe("blue");
  killed.kill("SIGKILL");
  await killed.ended;
  expect((await project.run("status")).stdout).toMatch(/was interrupted at "/);
  const back = await project.run("rollback", "--yes");
  expect(back.exitCode, back.stderr).toBe(0);
  await awake("green", 2);
});

test("another release brings the first colour back, with as many instances", async () => {
  await configure({ env: { A: "3" } });
  const release = await project.run("release", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(0);
  await awake("blue", 2);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("all of this has lost no request", async () => {
  const samples = await Promise.all(loads.map(async (one) => one.stop()));
  expect(failedSamples(samples.flat())).toEqual([]);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
  const { place, all } = await pagePolicies(project, stack);
  const calls = (await recordedCalls(project)).filter(
    ({ action }) => action !== "cloudwatch:ListMetrics",
  );
  expect((await examinePolicies(all, calls, place, [])).denied).toEqual([]);
});

function addLoad(perSecond: number): void {
  loads.push(startLoad(async () => ({ status: (await fetch(url)).status }), perSecond));
}

async function awake(colour: Colour, desired: number): Promise<void> {
  await expectOneAwake(project, stack, colour, desired);
}

/** The colour that has all traffic. */
async function servingWeight(): Promise<Colour | undefined> {
  return (await project.status()).active?.colour;
}

/** Short times, few instances, and a series whose values the load decides. */
async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    image: { context: contextFor(project, "examples/dashboard"), port: 8000 },
    health: { path: "/healthz", timeout: "10s", interval: "5s", drain: "5s" },
    // The probes of several releases come on top of the load.
    instances: { min: 1, max: 2 },
    metrics: { series: ["predictions_total"] },
    scaling: { metric: "series", series: "predictions_total", target: 90 },
    alarms: { p99: "20s" },
    release: { bake: "5s", keep_previous: "1m" },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}
