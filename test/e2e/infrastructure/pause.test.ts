import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPause } from "../../../src/state/pause.ts";
import type { PauseChangeDocument } from "../../../src/views/pause.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { runCli } from "../../_helpers/cli.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { startLoad, type Load } from "../../_helpers/load.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { startCli } from "../../_helpers/running-cli.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** Maintenance and sleep under load: users get the service or the message, never anything else. */
const stack = { name: "pause", region: "eu-central-1" };
const message = "Back at eight.";

let project: Project;
let url = "";
let load: Load;
/** What came instead of 200 and of a 503 with the message. */
const strange: string[] = [];

beforeAll(async () => {
  project = await createProject("pause");
  await configure({});
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { url: string });
  load = startLoad(async () => {
    const answer = await fetch(url);
    const text = await answer.text();
    const isGood = answer.status === 200 || (answer.status === 503 && text.includes(message));
    if (!isGood) strange.push(`${answer.status} ${text}`);
    return { status: answer.status };
  }, 20);
});

afterAll(async () => {
  await load.stop();
  await project.remove();
});

test("maintenance on: users get 503 with the message, and when to ask again", async () => {
  const on = await maintain("on", "--message", message, "--retry-after", "600", "--json");
  expect(on.exitCode, on.stderr).toBe(0);
  expect(JSON.parse(on.stdout) as PauseChangeDocument).toMatchObject({
    command: "maintenance on",
    maintenance: { message, retry_after_seconds: 600 },
    sleep: null,
    address: "seen",
  });
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get("content-type"), await answer.json()]).toEqual([
    503,
    "application/json",
    { error: message, retry_after_seconds: 600 },
  ]);
});

test("status says so, and that the instances are healthy; the exit code is that of an address without service", async () => {
  const found = await project.run("status", "--json");
  expect(found.exitCode, found.stderr).toBe(1);
  const { healthy, paused, instances } = JSON.parse(found.stdout) as StatusDocument;
  expect(healthy).toBe(false);
  expect(paused).toMatchObject([{ what: "maintenance", state: "on", answers: true, message }]);
  const health = instances.map(({ state, target_health: target }) => `${state} ${target}`);
  expect(health).toEqual(["healthy healthy", "healthy healthy"]);
  expect((await project.run("status")).stdout).toMatch(
    /paused {4}maintenance for .* by .*: the address answers 503, infer-deploy maintenance off .*ends it/,
  );
});

test("no alarm sends a message in maintenance", async () => {
  expect(await sending()).toEqual([]);
});

test("up finds nothing to change in maintenance, and leaves it on", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  const up = await project.run("up", "--refresh", "--yes", "--json");
  expect(up.exitCode, up.stderr).toBe(0);
  expect((await fetch(url)).status).toBe(503);
});

test("a release in maintenance is judged by the service, and users still get the message", async () => {
  await configure({ env: { A: "1" } });
  const release = await project.run("release", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(0);
  expect((await fetch(url)).status).toBe(503);
  const back = await project.run("rollback");
  expect(back.exitCode, back.stderr).toBe(0);
  expect((await fetch(url)).status).toBe(503);
});

test("maintenance off: users get the service, and a second time nothing changes", async () => {
  for (const _ of [1, 2]) {
    const off = await maintain("off", "--json");
    expect(off.exitCode, off.stderr).toBe(0);
    expect(JSON.parse(off.stdout)).toMatchObject({ maintenance: null, sleep: null });
    expect((await fetch(url)).status).toBe(200);
  }
  const { paused, healthy } = await status();
  expect([paused, healthy]).toEqual([[], true]);
  expect(await sending()).toContain("pause-production-call-a-person");
});

test("kill -9 of sleep in the middle: status says so, and the same command completes it", async () => {
  await killed(["sleep", "--message", message], /End the instances/);
  const seen = await status();
  expect(seen.paused).toMatchObject([
    { what: "sleep", state: "unfinished", goal: "asleep", answers: true },
  ]);
  expect((await project.run("status")).stdout).toMatch(
    /INTERRUPTED on its way, the address answers 503; infer-deploy sleep .*completes it, infer-deploy wake .*undoes it/,
  );
  const refused = await project.run("sleep");
  expect(refused.exitCode, refused.stderr).toBe(5);
  await project.runPrinted(refused, "--yes");
  const asleep = await project.run("sleep", "--json");
  expect(asleep.exitCode, asleep.stderr).toBe(0);
  expect(JSON.parse(asleep.stdout)).toMatchObject({ sleep: { message }, address: "seen" });
  expect(await sizes()).toEqual([0, 0]);
  const { paused, instances } = await status();
  expect(paused).toMatchObject([{ what: "sleep", state: "on", goal: "asleep", answers: true }]);
  expect(instances).toEqual([]);
});

test("a release is refused while the stack sleeps, and up leaves it asleep", async () => {
  for (const verb of ["release", "rollback"]) {
    const refused = await project.run(verb);
    expect(refused.exitCode, refused.stderr).toBe(1);
    expect(refused.stderr).toContain("pause (production) is asleep");
    expect(refused.stderr).toMatch(/next: +infer-deploy wake/);
  }
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  const up = await project.run("up", "--refresh", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect(await sizes()).toEqual([0, 0]);
});

test("kill -9 of wake in the middle: it is completed, and the former size serves", async () => {
  await killed(["wake"], /Start 2 instances/);
  expect((await status()).paused).toMatchObject([
    { what: "sleep", state: "unfinished", goal: "awake", answers: true },
  ]);
  const refused = await project.run("wake");
  expect(refused.exitCode, refused.stderr).toBe(5);
  await project.runPrinted(refused, "--yes");
  const awake = await project.run("wake", "--json");
  expect(awake.exitCode, awake.stderr).toBe(0);
  expect(JSON.parse(awake.stdout)).toMatchObject({ sleep: null, address: "seen" });
  expect((await fetch(url)).status).toBe(200);
  expect(new Set(await sizes())).toEqual(new Set([0, 2]));
  const { paused, healthy } = await status();
  expect([paused, healthy]).toEqual([[], true]);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("a message that the load balancer cannot send is refused at once", async () => {
  const long = await maintain("on", "--message", "x".repeat(1024));
  expect(long.exitCode).toBe(64);
  expect(long.stderr).toMatch(/the answer would have \d+ bytes, and AWS takes 1024/);
  const late = await project.run("sleep", "--retry-after", "soon");
  expect(late.exitCode).toBe(64);
  expect(late.stderr).toContain(
    '--retry-after takes whole seconds, such as 600 or 10m, and "soon"',
  );
});

test("in all of this users got the service or the message", async () => {
  const samples = await load.stop();
  expect(strange).toEqual([]);
  expect(new Set(samples.map(({ status: code }) => code))).toEqual(new Set([200, 503]));
});

test("destroy of a sleeping stack leaves nothing behind, and the policies allow each call", async () => {
  expect((await project.run("sleep", "--message", message)).exitCode).toBe(0);
  const { store } = await openStack(project, stack);
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  expect(await readPause(store)).toBeUndefined();
  const { actions, denied } = await deniedCalls(project, stack, "sight");
  expect(actions).toContain("elasticloadbalancing:ModifyRule");
  expect(denied).toEqual([]);
});

/** Runs a verb until it prints this, and kills it there. */
async function killed(args: readonly string[], until: RegExp): Promise<void> {
  const { env, folder: cwd, sandbox } = project;
  const run = startCli([...args, "--sandbox", sandbox], { cwd, env });
  await run.waitFor(until);
  run.kill("SIGKILL");
  await run.ended;
}

async function maintain(...args: readonly string[]) {
  const { env, folder: cwd, sandbox } = project;
  return runCli(["maintenance", ...args, "--sandbox", sandbox], { cwd, env });
}

/** Names of the alarms that send messages. */
async function sending(): Promise<readonly (string | undefined)[]> {
  const { aws } = await openStack(project, stack);
  const request = { AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const] };
  const { MetricAlarms = [], CompositeAlarms = [] } = await (
    await aws.cloudWatch()
  ).send(new DescribeAlarmsCommand(request));
  const all = [...MetricAlarms, ...CompositeAlarms];
  expect(all.length).toBeGreaterThan(10);
  return all.filter(({ ActionsEnabled: isOn }) => isOn).map(({ AlarmName: name }) => name);
}

/** Capacity of both groups. */
async function sizes(): Promise<readonly (number | undefined)[]> {
  const { aws, outputs } = await openStack(project, stack);
  const { AutoScalingGroups = [] } = await (
    await aws.autoScaling()
  ).send(
    new DescribeAutoScalingGroupsCommand({
      AutoScalingGroupNames: Object.values(outputs.autoscaling_group_names),
    }),
  );
  return AutoScalingGroups.map(({ DesiredCapacity: desired }) => desired);
}

async function status(): Promise<StatusDocument> {
  return JSON.parse((await project.run("status", "--json")).stdout) as StatusDocument;
}

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...stack,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    health: { timeout: "10s", interval: "5s", drain: "5s" },
    instances: { min: 2, max: 2 },
    alarms: { p99: "20s" },
    alerts: { email: ["team@example.com"] },
    release: { bake: "5s", keep_previous: "1m" },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}
