import {
  DescribeBudgetCommand,
  DescribeNotificationsForBudgetCommand,
} from "@aws-sdk/client-budgets";
import { DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { ConfirmSubscriptionCommand } from "@aws-sdk/client-sns";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { CostDocument } from "../../../src/views/cost.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";
import { confirmationToken, regionMail, reportCosts } from "../../_helpers/region-mail.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** examples/budget: a budget of the stack's tag, and a day on which it should be gone. */
let project: Project;
let example: Readonly<Record<string, object>>;
const reader = "team@example.com";
const place = { name: "budget", region: "eu-central-1" };

beforeAll(async () => {
  project = await createProject(place.name);
  const file = join(repository, "examples", "budget", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
});

afterAll(async () => {
  await project.remove();
});

test("a budget without an address is refused with its line, before anything is made", async () => {
  await configure({ budget: { usd: 200 } });
  const refused = await project.run("up", "--yes");
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(
    /infer-deploy\.yml:\d+:\d+ +budget: found a budget without an address/,
  );
});

test("the budget counts exactly the stack's tag, which everything has", async () => {
  await configure({ expires: "2020-02-29" });
  expect(await costs()).toMatchObject({ spent: null, estimate: { usd_per_month: 95.54 } });
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stderr).toContain("the stack EXPIRED on 2020-02-29");
  expect((await project.run("status")).stdout).toContain("EXPIRED on 2020-02-29");
  const { aws } = await openStack(project, place);
  const budgets = await aws.budgets();
  const { account: AccountId } = (await pagePolicies(project, place)).place;
  const named = { AccountId, BudgetName: "budget-production" };
  const { Budget } = await budgets.send(new DescribeBudgetCommand(named));
  expect(Budget?.BudgetLimit).toEqual({ Amount: "200.0", Unit: "USD" });
  const stackTag = { Key: "infer-deploy:stack", Value: "budget-production" };
  expect(Budget?.CostFilters).toEqual({
    TagKeyValue: [`user:${stackTag.Key}$${stackTag.Value}`],
  });
  const { Notifications = [] } = await budgets.send(
    new DescribeNotificationsForBudgetCommand(named),
  );
  expect(Notifications.map((one) => `${one.NotificationType} ${one.Threshold}`).toSorted()).toEqual(
    ["ACTUAL 100", "ACTUAL 50", "ACTUAL 80", "FORECASTED 100"],
  );

  const ec2 = await aws.ec2();
  const Filters = [{ Name: `tag:${stackTag.Key}`, Values: [stackTag.Value] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters }));
  expect(Reservations.flatMap(({ Instances = [] }) => Instances)).toHaveLength(1);
  expect(Volumes).toHaveLength(1);
});

test("cost has AWS's prices of today, and no sum while AWS does not count by the tag", async () => {
  const { estimate, spent, use } = await costs("--advise");
  // One t3.small: 0.024 * 730 + 30 * 0.0952 = 20.376
  expect(estimate).toMatchObject({
    usd_per_month: 95.54,
    usd_per_further_instance: 20.38,
    missing: [],
    prices: { source: "list" },
  });
  expect(spent).toMatchObject({ state: "inactive", usd: null });
  expect(use).toMatchObject({ advice: [] });
  const shown = await project.run("cost");
  expect(shown.stdout).toContain("estimate: about 95.54 USD a month");
  expect(shown.stdout).toContain("infer-deploy cost --sandbox budget --activate-tags");
});

test("cost shows what Cost Explorer counts for exactly this stack, once the tags are active", async () => {
  const { region } = await openStack(project, place);
  const services = { "Amazon Elastic Compute Cloud - Compute": 12.345, "AWS WAF": 0.001 };
  for (const value of ["budget-production", "budget-trial"]) {
    const put = await fetch(`${region.endpoint}/_sandbox/costs`, {
      method: "PUT",
      headers: { "x-sandbox-key": region.key },
      body: JSON.stringify({ key: "infer-deploy:stack", value, services }),
    });
    expect(put.ok).toBe(true);
  }
  const activated = await project.run("cost", "--activate-tags");
  expect(activated.exitCode, activated.stderr).toBe(0);
  expect(activated.stdout).toContain("infer-deploy:stack, infer-deploy:name");
  const { spent } = await costs();
  expect(spent).toMatchObject({
    state: "known",
    usd: 12.35,
    services: [{ service: "Amazon Elastic Compute Cloud - Compute", usd: 12.35 }],
    note: null,
  });
  const shown = await project.run("cost");
  expect(shown.stdout).toMatch(/^spent: 12\.35 USD since \d{4}-\d\d-01/m);
  const both = await project.run("cost", "--activate-tags", "--advise");
  expect(both.exitCode).toBe(64);
  // A second time it changes nothing.
  const again = await project.runPrinted(both);
  expect(again.exitCode, again.stderr).toBe(0);
});

test("another sum changes the budget alone, and a second plan finds nothing", async () => {
  await configure({ budget: { ...example["budget"], usd: 50 } });
  const { changes } = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  expect(changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
    "update module.budget.aws_budgets_budget.this",
  ]);
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stderr).not.toContain("EXPIRED");
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("with alerts and without an address in it, the budget speaks through their topic", async () => {
  await configure({ budget: { usd: 50 }, alerts: { email: [reader] } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  const { aws, outputs } = await openStack(project, place);
  const TopicArn = outputs.alerts?.topic_arn ?? "";
  const Token = confirmationToken(await regionMail(project), reader);
  await (await aws.sns()).send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  const before = (await regionMail(project)).length;
  await reportCosts(project, { budget: "budget-production", actual: 45, forecast: 49 });
  const mails = (await regionMail(project)).slice(before);
  expect(mails.map(({ to, text }) => `${to} ${text.split(" of")[0]}`).toSorted()).toEqual([
    `${reader} ACTUAL 50 %`,
    `${reader} ACTUAL 80 %`,
  ]);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  const page = await pagePolicies(project, place);
  const calls = (await recordedCalls(project)).filter(
    ({ action }) => action !== "sns:ConfirmSubscription",
  );
  expect(calls.map(({ action }) => action)).toContain("budgets:CreateBudget");
  const { denied } = await examinePolicies([...page.all, page.sight], calls, page.place, []);
  expect(denied).toEqual([]);
});

async function costs(...flags: readonly string[]): Promise<CostDocument> {
  const result = await project.run("cost", "--json", ...flags);
  expect(result.exitCode, result.stderr).toBe(0);
  return JSON.parse(result.stdout) as CostDocument;
}

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    instances: { min: 1, max: 2 },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}
