import {
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { ResumeProcessesCommand, SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { ConfirmSubscriptionCommand, CreateTopicCommand } from "@aws-sdk/client-sns";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { underPaths } from "../../_helpers/ask-paths.ts";
import { repository } from "../../_helpers/cli.ts";
import { emittedMetrics, metricsOf } from "../../_helpers/emitted-metrics.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";
import { confirmationToken, expectAlarmMail, regionMail } from "../../_helpers/region-mail.ts";
import { openStack, type StackInside } from "../../_helpers/stack-inside.ts";

/** examples/alerts: each alarm goes off and is over, and its messages arrive. */
let project: Project;
let example: Readonly<Record<string, object>>;
let stack: StackInside;
let url = "";
const name = "alerts";
const place = { name, region: "eu-central-1" };
const reader = "team@example.com";

beforeAll(async () => {
  project = await createProject(name);
  const file = join(repository, "examples", "alerts", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
});

afterAll(async () => {
  await project.remove();
});

test("up says which address is not confirmed, and status too until its reader confirms", async () => {
  await configure({});
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stdout).toContain(`NOT CONFIRMED: ${reader} gets no alerts`);
  url = up.stdout.split("\n")[0] ?? "";
  stack = await openStack(project, place);
  expect((await project.status()).unconfirmed_emails).toEqual([reader]);
  const sns = await stack.aws.sns();
  const Token = confirmationToken(await regionMail(project), reader);
  const TopicArn = stack.outputs.alerts?.topic_arn ?? "";
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  expect((await project.status()).unconfirmed_emails).toEqual([]);
});

test("a second plan finds nothing, and with an idle colour no alarm is on", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  await expect
    .poll(states, { timeout: 200_000, interval: 2000 })
    .toEqual(Object.fromEntries(alarmKinds.map((kind) => [kind, "OK"])));
});

test("a fuller memory and disk than allowed raise theirs", async () => {
  const wanted = { memory: "ALARM", disk: "ALARM" };
  await configure({ alerts: { ...example["alerts"], memory: 1, disk: 1 } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  await underPaths(url, ["/"], async () => seen(wanted));
  // Instances report once a minute, and a colour without requests does not count.
  await seen(calm(wanted));
  await expectMail(Object.keys(wanted));
});

test("errors and slow answers raise their alarms, and call a person", async () => {
  const wanted = { "error-share": "ALARM", slow: "ALARM", "call-a-person": "ALARM" };
  await underPaths(url, ["/fail", "/slow", "/", "/"], async () => seen(wanted));
  await seen(calm(wanted));
  await expectMail(Object.keys(wanted));
});

test("an app that takes no connections raises the others", async () => {
  await replacements(SuspendProcessesCommand);
  const wanted = {
    "no-healthy-host": "ALARM",
    "connection-errors": "ALARM",
    "unanswered-share": "ALARM",
    "call-a-person": "ALARM",
  };
  await fetch(`${url}/deaf?190`);
  await underPaths(url, ["/", "/"], async () => seen(wanted));
  await underPaths(url, ["/"], async () => seen(calm(wanted)));
  await replacements(ResumeProcessesCommand);
  await expectMail(Object.keys(wanted));
});

test("the alarm on rejected connections reports, too: the region rejects none", async () => {
  const AlarmName = `${name}-production-rejected-connections`;
  const watch = await stack.aws.cloudWatch();
  await watch.send(
    new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "a test" }),
  );
  await seen({ "rejected-connections": "OK" });
  await expectMail(["rejected-connections"]);
});

test("the region has emitted each metric of the alarms", async () => {
  const emitted = await emittedMetrics(await stack.aws.cloudWatch());
  const wanted = new Set((await alarms()).flatMap(metricsOf));
  expect(wanted.size).toBeGreaterThan(5);
  // The idle colour has no instance. Every other metric is there.
  const missing = [...wanted].filter((one) => !emitted.has(one) && !one.includes("green"));
  expect(missing).toEqual([expect.stringMatching(/^AWS\/ApplicationELB RejectedConnectionCount /)]);
});

test("a pager's topic is added in place", async () => {
  const sns = await stack.aws.sns();
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "pager" }));
  await configure({
    alerts: { ...example["alerts"], memory: 1, disk: 1, call: [TopicArn], error_share: 10 },
  });
  const { changes } = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  expect(changes.map(({ action, address }) => `${action} ${address}`).toSorted()).toEqual([
    "update module.alerts.aws_cloudwatch_composite_alarm.call",
    'update module.alerts.aws_cloudwatch_metric_alarm.share["error-share"]',
    'update module.alerts.aws_cloudwatch_metric_alarm.share["unanswered-share"]',
  ]);
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stdout).not.toContain("NOT CONFIRMED");
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("with a domain the certificate's days are watched, and its alarm reports, too", async () => {
  await configure({ domain: "alerts.example.com", zone: "example.com" });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  stack = await openStack(project, place);
  const AlarmName = `${name}-production-certificate`;
  const watch = await stack.aws.cloudWatch();
  const found = await watch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  const [metric = ""] = metricsOf(found.MetricAlarms?.[0] ?? {});
  expect(metric).toMatch(/^AWS\/CertificateManager DaysToExpiry CertificateArn=arn:aws:acm:/);
  await expect
    .poll(async () => (await emittedMetrics(watch)).has(metric), {
      timeout: 120_000,
      interval: 2000,
    })
    .toBe(true);
  // A new certificate has a year, and the alarm looks at whole days.
  await watch.send(
    new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "a test" }),
  );
  await seen({ certificate: "OK" });
  await expectMail(["certificate"]);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  const page = await pagePolicies(project, place);
  const calls = (await recordedCalls(project)).filter(({ action }) => !ofTest.has(action));
  expect(calls.map(({ action }) => action)).toContain("sns:Subscribe");
  const { denied } = await examinePolicies([...page.all, page.sight], calls, page.place, []);
  expect(denied).toEqual([]);
});

/** Calls that only this file makes. */
const ofTest = new Set([
  "sns:ConfirmSubscription",
  "sns:CreateTopic",
  "cloudwatch:ListMetrics",
  "cloudwatch:SetAlarmState",
]);

const alarmKinds = [
  "error-share",
  "unanswered-share",
  "slow",
  "no-healthy-host",
  "connection-errors",
  "rejected-connections",
  "memory",
  "disk",
  "call-a-person",
];

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    image: { context: contextFor(project, "test/alerts-app"), port: 8000 },
    instances: { min: 1, max: 2 },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}

/** Of CloudWatch alone: `status` would count for the alarms as a request of a user. */
async function alarms(): Promise<readonly MetricAlarm[]> {
  const watch = await stack.aws.cloudWatch();
  const found = await watch.send(
    new DescribeAlarmsCommand({
      AlarmNames: [...(stack.outputs.alerts?.alarm_names ?? [])],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    }),
  );
  return [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])];
}

async function states(): Promise<Readonly<Record<string, string>>> {
  const kind = (alarm: MetricAlarm) => alarm.AlarmName?.replace(`${name}-production-`, "") ?? "";
  return Object.fromEntries((await alarms()).map((one) => [kind(one), one.StateValue ?? ""]));
}

/** Waits until alarms have these states: two minutes of the clock, and the rest of one. */
async function seen(wanted: Readonly<Record<string, string>>): Promise<void> {
  await expect.poll(states, { timeout: 240_000, interval: 2000 }).toMatchObject(wanted);
}

function calm(wanted: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(wanted).map((kind) => [kind, "OK"]));
}

/** Both messages of each alarm have arrived. */
async function expectMail(kinds: readonly string[]): Promise<void> {
  await expectAlarmMail(project, { ...place, reader }, kinds);
}

/** Suspended, Auto Scaling does not replace the instance before the alarms go off. */
async function replacements(
  Command: typeof SuspendProcessesCommand | typeof ResumeProcessesCommand,
): Promise<void> {
  const scaling = await stack.aws.autoScaling();
  for (const AutoScalingGroupName of Object.values(stack.outputs.autoscaling_group_names)) {
    await scaling.send(
      new Command({ AutoScalingGroupName, ScalingProcesses: ["ReplaceUnhealthy"] }),
    );
  }
}
