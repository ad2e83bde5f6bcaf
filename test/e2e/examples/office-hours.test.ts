import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { PolicyDocument } from "../../../src/permissions/policy-document.ts";
import type { PauseChangeDocument } from "../../../src/views/pause.ts";
import { repository, runCli, type CliResult } from "../../_helpers/cli.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { printedCommands } from "../../_helpers/printed-commands.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { CallCollector } from "../../_helpers/recorded-calls.ts";
import { openStack } from "../../_helpers/stack-inside.ts";
import { readWorkflow, shellSteps } from "../../_helpers/workflow-steps.ts";

/** examples/office-hours: the commands of its workflow, with the rights of its role. infrastructure/pause.test.ts has the rest of the verbs. */
const stack = { name: "office-hours", region: "eu-central-1" };
const folder = join(repository, "examples", "office-hours");
const message = "Open on weekdays from 06:00 to 19:00 UTC.";

let project: Project;
let calls: CallCollector;
let example: Readonly<Record<string, object>>;
let url = "";

beforeAll(async () => {
  project = await createProject(stack.name);
  calls = new CallCollector(project);
  example = parse(await readFile(join(folder, "infer-deploy.yml"), "utf8")) as typeof example;
});

afterAll(async () => {
  await project.remove();
});

test("the example serves, and a second plan is empty", async () => {
  await configure({});
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { url: string });
  expect((await fetch(url)).status).toBe(200);
  await expectNoChanges();
});

test("the workflow's sleep: users get the message, and no instance is left", async () => {
  await calls.start();
  const { address } = changed(await runStep("sleep"));
  expect(address).toBe("seen");
  const answer = await fetch(url);
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { error: message, retry_after_seconds: 3600 },
  ]);
  expect(await project.status()).toMatchObject({
    instances: [],
    paused: [{ what: "sleep", message }],
  });
});

test("the workflow's wake: as many instances serve as before, and the second wake of a morning changes nothing", async () => {
  expect(changed(await runStep("wake")).sleep).toBeNull();
  const awake = await project.status();
  expect(awake).toMatchObject({ healthy: true, paused: [] });
  const ids = awake.instances.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(changed(await runStep("wake")).sleep).toBeNull();
  expect((await project.status()).instances.map(({ id }) => id)).toEqual(ids);
  expect((await fetch(url)).status).toBe(200);
  await calls.stop();
});

test("the workflow's role may do all of it", async () => {
  const { aws, outputs } = await openStack(project, stack);
  const RoleName = outputs.github_role_arns?.release.split("/").at(-1);
  const found = await (
    await aws.iam()
  ).send(new GetRolePolicyCommand({ RoleName, PolicyName: "release" }));
  const policy = JSON.parse(decodeURIComponent(found.PolicyDocument ?? "")) as PolicyDocument;
  expect(calls.calls.map(({ action }) => action)).toContain("elasticloadbalancing:CreateRule");
  const { place } = await pagePolicies(project, stack);
  expect((await examinePolicies([policy], calls.calls, place, [])).denied).toEqual([]);
});

test("a changed setting is applied while the service is awake, and a second plan is empty", async () => {
  await configure({ instances: { ...example["instances"], max: 3 } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect((await fetch(url)).status).toBe(200);
  await expectNoChanges();
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  expect((await deniedCalls(project, stack)).denied).toEqual([]);
});

/** The workflow's own command for a verb. */
async function runStep(verb: "sleep" | "wake"): Promise<CliResult> {
  const file = join(folder, ".github", "workflows", "office-hours.yml");
  const steps = shellSteps(readWorkflow(await readFile(file, "utf8")));
  const commands = steps.flatMap(({ run }) => printedCommands(run)).map(({ words }) => words);
  const words = commands.filter(([first]) => first === verb);
  expect(words).toHaveLength(1);
  const { env, folder: cwd, sandbox } = project;
  return runCli([...(words[0] ?? []), "--json", "--sandbox", sandbox], { cwd, env });
}

function changed({ exitCode, stderr, stdout }: CliResult): PauseChangeDocument {
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as PauseChangeDocument;
}

async function expectNoChanges(): Promise<void> {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
}

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    health: { timeout: "10s", interval: "5s", drain: "5s" },
    release: { bake: "5s" },
    protection: false,
    ...changes,
  });
}
