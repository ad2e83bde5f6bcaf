import { GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { PlanDocument } from "../../../src/views/plan.ts";
import type { UpDocument } from "../../../src/views/up.ts";
import { repository } from "../../_helpers/cli.ts";
import { emittedMetrics, metricText } from "../../_helpers/emitted-metrics.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** examples/dashboard: each metric that the dashboard draws was emitted. */
let project: Project;
let example: Readonly<Record<string, object>>;
let url = "";
const place = { name: "dashboard", region: "eu-central-1" };

beforeAll(async () => {
  project = await createProject(place.name);
  const file = join(repository, "examples", "dashboard", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
});

afterAll(async () => {
  await project.remove();
});

test("up names the dashboard, and a second plan finds nothing", async () => {
  await configure({});
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  const document = JSON.parse(up.stdout) as UpDocument;
  ({ url } = document);
  expect(document.dashboard).toMatch(/#dashboards\/dashboard\/dashboard-production$/);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("each metric on it was emitted, the app's own too", async () => {
  const drawn = await drawnMetrics();
  expect(drawn.length).toBeGreaterThan(15);
  // The idle colour has no instance.
  const missing = async () => (await neverEmitted(drawn)).filter((one) => !one.includes("green"));
  // A counter has a value from the second minute on.
  await expect.poll(missing, { timeout: 240_000, interval: 2000 }).toEqual([]);
  const { aws } = await openStack(project, place);
  const { queryDefinitions = [] } = await (
    await aws.cloudWatchLogs()
  ).send(new DescribeQueryDefinitionsCommand({}));
  expect(queryDefinitions.map(({ name = "" }) => name).toSorted()).toEqual([
    "infer-deploy/dashboard/production/app/errors",
    "infer-deploy/dashboard/production/app/lines-a-minute",
    "infer-deploy/dashboard/production/boot/failures",
    "infer-deploy/dashboard/production/network/refused",
  ]);
});

test("after a release each metric of the other colour was emitted, too", async () => {
  await configure({ env: { A: "1" }, release: { bake: "5s", keep_previous: "1m" } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  const release = await project.run("release", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(0);
  const drawn = await drawnMetrics();
  expect(drawn.filter((one) => one.includes("green")).length).toBeGreaterThan(5);
  await expect
    .poll(async () => neverEmitted(drawn), { timeout: 240_000, interval: 2000 })
    .toEqual([]);
});

test("another series changes the dashboard and the instances to come", async () => {
  await configure({ metrics: { instances: true, series: ["predictions_total"] } });
  const { changes } = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  const touched = changes.map(({ address }) => address.replace(/\[.*/, ""));
  expect(touched).toContain("module.dashboard.aws_cloudwatch_dashboard.this");
  expect(touched).toContain("module.fleet.aws_launch_template.this");
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  expect((await drawnMetrics()).filter((one) => one.includes("prediction_seconds_sum"))).toEqual(
    [],
  );
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  const page = await pagePolicies(project, place);
  const calls = (await recordedCalls(project)).filter(
    ({ action }) => action !== "cloudwatch:ListMetrics",
  );
  expect(calls.map(({ action }) => action)).toContain("logs:PutQueryDefinition");
  const { denied } = await examinePolicies([...page.all, page.sight], calls, page.place, []);
  expect(denied).toEqual([]);
});

/** Sends a few requests, and says which of the metrics the region has never had a datum of. A stack without errors has no errors. */
async function neverEmitted(metrics: readonly string[]): Promise<readonly string[]> {
  await Promise.all(["/?word", "/?word", "/other"].map(async (path) => fetch(`${url}${path}`)));
  const emitted = await emittedMetrics(await (await openStack(project, place)).aws.cloudWatch());
  return metrics.filter((one) => !emitted.has(one) && !quiet.test(one));
}

/** What this stack has no occasion for; the example of alerts has errors. EC2's processors are not modelled. */
const quiet = /5XX|TargetConnectionErrorCount|CPUUtilization/;

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    image: { context: contextFor(project, "examples/dashboard"), port: 8000 },
    instances: { min: 1, max: 2 },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}

/** "NAMESPACE METRIC DIMENSION=VALUE ..." of each line of each graph. */
async function drawnMetrics(): Promise<readonly string[]> {
  const { aws } = await openStack(project, place);
  const found = await (
    await aws.cloudWatch()
  ).send(new GetDashboardCommand({ DashboardName: "dashboard-production" }));
  const { widgets } = JSON.parse(found.DashboardBody ?? "") as {
    readonly widgets: readonly {
      readonly properties: { readonly metrics: readonly (readonly unknown[])[] };
    }[];
  };
  return widgets.flatMap(({ properties }) =>
    properties.metrics.map((line) => {
      const [namespace, metric, ...rest] = line.filter((part) => typeof part === "string");
      const pairs = rest.flatMap((name, index) =>
        index % 2 === 0 ? [`${name}=${rest[index + 1]}`] : [],
      );
      return metricText(namespace, metric, pairs);
    }),
  );
}
