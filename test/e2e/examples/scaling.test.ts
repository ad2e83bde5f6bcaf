import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { Colour } from "../../../src/stack/colour.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { failedSamples, startLoad, type Load } from "../../_helpers/load.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";
import { startCli } from "../../_helpers/running-cli.ts";
import { expectOneAwake, groupOf } from "../../_helpers/scaling-groups.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** examples/scaling: the load doubles, the instances follow, and releases keep what serves. */
let project: Project;
let example: Readonly<Record<string, object>>;
let load: Load;
const stack = { name: "scaling", region: "eu-central-1" };

beforeAll(async () => {
  project = await createProject("scaling");
  const file = join(repository, "examples", "scaling", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
  await configure({});
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  const { url } = JSON.parse(up.stdout) as { url: string };
  // Under the target of one instance until the first test.
  load = startLoad(async () => ({ status: (await fetch(url)).status }), 3);
});

afterAll(async () => {
  await load.stop();
  await project.remove();
});

test("at first one instance serves, and only its colour follows its policy", async () => {
  const { active, scaling } = await project.status();
  expect(scaling).toMatchObject({
    desired: 1,
    policies: [{ metric: "ALBRequestCountPerTarget", target: 120 }],
  });
  await awake(active?.colour, 1);
});

test("the load is one and a half times the target: a second instance starts", async () => {
  await expect
    .poll(async () => (await project.status()).scaling, { timeout: 420_000, interval: 3000 })
    .toMatchObject({ desired: 2, last: { from: 1, to: 2, by: "target" } });
  expect((await project.run("status")).stdout).toMatch(
    /scaling {3}2 instances of 1 to 2, at its limit, for 120 requests a minute each; 1 -> 2 by target/,
  );
});

test("a second plan finds nothing in a colour that has grown", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("a release in the middle starts as many as serve, and the new colour scales", async () => {
  await configure({ env: { A: "1" } });
  const release = await project.run("release", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(0);
  await awake("green", 2);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("kill -9 of a release: the next command repairs it, and one colour scales", async () => {
  await configure({ env: { A: "2" } });
  const args = ["release", "--sandbox", project.sandbox, ...(await project.buildArgs())];
  const killed = startCli(args, { cwd: project.folder, env: project.env });
  // Instances run, and the policies rest.
  await killed.waitFor(/Probe \S+ before it gets traffic/);
  killed.kill("SIGKILL");
  await killed.ended;
  const refused = await project.run("release", ...(await project.buildArgs()));
  expect(refused.exitCode, refused.stderr).toBe(5);
  await project.runPrinted(refused, "--yes");
  const again = await project.run("release", ...(await project.buildArgs()));
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stderr).toContain("was interrupted at the step");
  await awake("blue", 2);
  const back = await project.run("rollback");
  expect(back.exitCode, back.stderr).toBe(0);
  await awake("green", 2);
});

test("all of this has lost no request", async () => {
  expect(failedSamples(await load.stop())).toEqual([]);
});

test("another target changes both policies in place, and no instance", async () => {
  // The load has ended. On a slow machine fifteen minutes below the target are over, and only the minimum keeps both.
  await configure({
    instances: { min: 2, max: 2 },
    scaling: { ...example["scaling"], target: 500, schedules: [] },
  });
  const { changes } = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  expect(changes.map(({ action, address }) => `${action} ${address}`).toSorted()).toEqual([
    'update module.scaling.aws_autoscaling_policy.target["blue"]',
    'update module.scaling.aws_autoscaling_policy.target["green"]',
  ]);
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  await awake("green", 2);
});

test("a schedule fires while a colour is idle: the serving one grows, and nothing wakes", async () => {
  await expect.poll(async () => desiredOf("blue"), { timeout: 120_000, interval: 2000 }).toBe(0);
  // The first one fired twelve hours ago.
  const schedules = [
    { cron: cronIn(12 * 60), min: 2 },
    // Later than `up` ends, also on a busy machine.
    { cron: cronIn(4), time_zone: "Etc/UTC", min: 3 },
  ];
  await configure({ instances: { min: 1, max: 3 }, scaling: { target: 500, schedules } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect(await desiredOf("green")).toBe(2);
  await expect.poll(async () => desiredOf("green"), { timeout: 300_000, interval: 2000 }).toBe(3);
  await awake("green", 3);
  expect(await desiredOf("blue")).toBe(0);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("one that fires once does so while a colour is idle, and up leaves it alone afterwards", async () => {
  const schedules = [
    { cron: cronIn(12 * 60), min: 3 },
    { at: clockIn(4), time_zone: "Etc/UTC", min: 4 },
  ];
  await configure({ instances: { min: 1, max: 4 }, scaling: { target: 500, schedules } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect(await desiredOf("green")).toBe(3);
  await expect.poll(async () => desiredOf("green"), { timeout: 300_000, interval: 2000 }).toBe(4);
  const again = await project.run("up", "--yes");
  expect(again.exitCode, again.stderr).toBe(0);
  await awake("green", 4);
  expect(await desiredOf("blue")).toBe(0);
});

test("a day that is past is refused by plan and up, with its line", async () => {
  await configure({ scaling: { schedules: [{ at: "2025-12-24 08:00", min: 2 }] } });
  for (const refused of [await project.run("plan"), await project.run("up", "--yes")]) {
    expect(refused.exitCode).toBe(64);
    expect(refused.stderr).toMatch(
      /infer-deploy\.yml:\d+:\d+ +scaling\.schedules\[0\]\.at: found 2025-12-24 08:00 in UTC, which is past/,
    );
  }
});

test("a time zone that does not exist is refused before anything is applied", async () => {
  await configure({
    scaling: { schedules: [{ cron: "0 8 * * *", time_zone: "Europe/Berln", min: 2 }] },
  });
  const up = await project.run("up", "--yes");
  expect(up.exitCode).toBe(64);
  expect(up.stderr).toMatch(/scaling\.schedules\[0\]\.time_zone.*Europe\/Berlin/);
  await configure({});
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const { aws } = await openStack(project, stack);
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
  const cloudWatch = await aws.cloudWatch();
  expect((await cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  const { place, all } = await pagePolicies(project, stack);
  const calls = await recordedCalls(project);
  expect(calls.map(({ action }) => action)).toContain("autoscaling:PutScalingPolicy");
  expect((await examinePolicies(all, calls, place, [])).denied).toEqual([]);
});

async function awake(colour: Colour | undefined, desired: number): Promise<void> {
  await expectOneAwake(project, stack, colour, desired);
}

async function desiredOf(colour: Colour): Promise<number | undefined> {
  return (await groupOf(project, stack, colour))?.DesiredCapacity;
}

/** Daily, and next in this many minutes. */
function cronIn(minutes: number): string {
  const at = new Date(Date.now() + minutes * 60_000);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

/** What UTC's clocks show in this many minutes. */
function clockIn(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
}

/** Short times and few instances, so that the test sees everything. */
async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    ...stack,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    health: { timeout: "10s", interval: "5s", drain: "5s" },
    // The probes of several releases come on top of the load.
    instances: { min: 1, max: 2 },
    scaling: { ...example["scaling"], target: 120, schedules: [] },
    alarms: { p99: "20s" },
    release: { bake: "5s", keep_previous: "1m" },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}
