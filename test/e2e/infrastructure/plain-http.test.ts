import { DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { describeGroups } from "../../../src/aws/fleet.ts";
import { repository } from "../../_helpers/cli.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** A server that does not depend on infer-deploy: first broken in each of the usual ways, then intact. */
let project: Project;
const config = {
  name: "plain",
  protection: false,
  region: "eu-west-1",
  image: { context: "app", port: 8000 },
  health: { path: "/healthz", timeout: "15s", drain: "5s" },
  instances: { type: "t3.micro", min: 1, max: 2 },
};

beforeAll(async () => {
  project = await createProject("plain");
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure(config);
});

afterAll(async () => {
  await project.remove();
});

test("the printed command starts the sandbox, and another one lists its weather", async () => {
  const asleep = await project.runSandbox("weather");
  expect(asleep.exitCode, asleep.stderr).toBe(1);
  await project.runPrinted(asleep);
  expect((await project.runSandbox("weather", "stale-tags=soon")).stderr).toContain(
    "next:  infer-deploy sandbox weather --name plain lists",
  );
});

test("a Dockerfile that does not build ends with the build's own lines, and nothing is applied", async () => {
  const dockerfile = join(project.folder, "app", "Dockerfile");
  const good = await readFile(dockerfile, "utf8");
  await writeFile(dockerfile, `${good}\nRUN echo the wheel is missing >&2 && exit 7\n`);
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await writeFile(dockerfile, good);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("The Dockerfile does not build.");
  expect(result.stderr).toContain("the wheel is missing");
  expect(result.stderr).not.toContain("Apply the infrastructure");
  const status = await project.run("status");
  expect(status.exitCode, status.stderr).toBe(1);
  expect(status.stderr).toContain("is not deployed");
});

test("a question that no person can answer names the flag, and nothing is applied", async () => {
  const result = await project.run("up", ...(await project.buildArgs()));
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("--yes");
  expect(result.stderr).not.toContain("Apply the infrastructure");
});

test("a build fails while the infrastructure is created: the error says what exists now, and what removes it", async () => {
  const dockerfile = join(project.folder, "app", "Dockerfile");
  const good = await readFile(dockerfile, "utf8");
  await writeFile(
    dockerfile,
    `${good}\nUSER root\nRUN sleep 40 && echo the wheel is missing && exit 7\n`,
  );
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await writeFile(dockerfile, good);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("✔ Apply the infrastructure");
  expect(result.stderr).toContain("The Dockerfile does not build.");
  expect(result.stderr).toContain("the wheel is missing");
  expect(result.stderr).toContain("costs money");
  expect(result.stderr).toContain("the next infer-deploy up --sandbox plain continues from there");
  expect(result.stderr).toContain("infer-deploy destroy --sandbox plain removes everything");
});

test("a container crashes: the error shows its log and exit code, up exits with 1, and no instance keeps running", async () => {
  const dockerfile = join(project.folder, "app", "Dockerfile");
  const good = await readFile(dockerfile, "utf8");
  await writeFile(
    dockerfile,
    `${good}\nENTRYPOINT []\nCMD ["python3", "-c", "import sys; print('no such model: /models/x', flush=True); sys.exit(3)"]\n`,
  );
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await writeFile(dockerfile, good);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("the container crashes");
  expect(result.stderr).toContain("no such model: /models/x");
  expect(result.stderr).toMatch(/agent state "crashed"/);
  const status = JSON.parse((await project.run("status", "--json")).stdout) as StatusDocument;
  expect(status).toMatchObject({
    healthy: false,
    active: null,
    release: { number: 1, outcome: "failed" },
  });
});

test("a container never becomes healthy: the error shows the answer, and up exits with 1 well before the timeout", async () => {
  await project.configure({ ...config, health: { ...config.health, path: "/not-there" } });
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await project.configure(config);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("never became healthy");
  expect(result.stderr).toContain("404");
  expect(result.stderr).toMatch(/agent state "unhealthy"/);
});

test("the next up continues from there, and the plain server needs only its Dockerfile", async () => {
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  const { url } = JSON.parse(result.stdout) as { url: string };
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ healthy: true, release: { number: 3 } });
});

test("the printed command renews the keys of a rehearsal; a refusal names commands that help", async () => {
  await project.runSandbox("weather", "short-keys=0");
  const expired = await project.run("status");
  expect(expired.stderr).toContain("The AWS credentials have expired.");
  await project.runPrinted(expired);
  expect((await project.run("status")).exitCode).toBe(0);

  const lonely = await project.run("rollback", "--yes");
  expect(lonely.stderr).toContain("There is no earlier good release");

  await project.configure({ ...config, protection: true });
  const guarded = await project.run("destroy", "--yes");
  await project.configure(config);
  expect(guarded.stderr).toContain("is protected against deletion");
});

test("the printed command makes a missing alarm again, and a release is possible then", async () => {
  const { aws } = await openStackBucket(project, config);
  const AlarmNames = ["plain-production-green-errors"];
  await (await aws.cloudWatch()).send(new DeleteAlarmsCommand({ AlarmNames }));
  const dryRun = ["release", "--dry-run", "--version", "v2"] as const;
  const refused = await project.run(...dryRun);
  expect(refused.stdout).toContain("It would be refused now");
  const repaired = await project.runPrinted(refused, "--yes");
  expect(repaired.stderr).toContain('errors["green"] (was deleted outside infer-deploy, and is');
  const agreed = await project.run(...dryRun);
  expect(agreed.exitCode, agreed.stdout).toBe(0);
});

test("a raised minimum is set on the serving group without a plan", async () => {
  await project.configure({ ...config, instances: { ...config.instances, min: 2 } });
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).toContain("minimum of the blue group: 1 -> 2 instances");
});

test("a lowered minimum ends the instance that ran only for it", async () => {
  await project.configure(config);
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).toContain("minimum of the blue group: 2 -> 1 instances");
  const { aws } = await openStackBucket(project, config);
  const [group] = await describeGroups(await aws.autoScaling(), ["plain-production-blue"]);
  expect(group).toMatchObject({ min: 1, desired: 1 });
  // The serving instance stays, and the one that still boots is ended.
  const status = await project.run("status");
  expect(status.exitCode, status.stdout).toBe(0);
});

test("up names the settings that only a release applies, and the running version keeps its own", async () => {
  await project.configure({ ...config, env: { GREETING: "Hi" } });
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await project.configure(config);
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).not.toContain("up to date");
  expect(result.stdout).toContain("yet: env. infer-deploy release --sandbox plain applies them");
});

test("plan and up refuse a health path on which the running version does not answer, and accept one on which it does", async () => {
  await project.configure({ ...config, health: { ...config.health, path: "/not-there" } });
  for (const verb of ["plan", "up"]) {
    const refused = await project.run(verb, ...(verb === "up" ? ["--yes"] : []));
    expect(refused.exitCode, refused.stderr).toBe(64);
    expect(refused.stderr).toContain("is not healthy on /not-there");
    expect(refused.stderr).toContain("release a version that answers on both paths");
    expect(refused.stderr).not.toContain("Apply the infrastructure");
  }
  await project.configure({ ...config, health: { ...config.health, path: "/" } });
  const unapplied = await project.run("release");
  expect(unapplied.exitCode, unapplied.stderr).toBe(64);
  const applied = await project.runPrinted(unapplied, "--yes");
  expect(applied.stderr).toContain("Apply the infrastructure");
  expect(applied.stdout).toContain(
    "yet: health.path. infer-deploy release --sandbox plain applies them",
  );
});

test("a state that an earlier run could not save is found, reported and saved before the plan", async () => {
  const { store, workFolder } = await openStackBucket(project, config);
  const saved = (await store.get("terraform.tfstate"))?.value as TerraformState;
  const unsaved = { ...saved, serial: saved.serial + 1 };
  await writeFile(join(workFolder, "errored.tfstate"), JSON.stringify(unsaved));
  // Only the unsaved state has what that run made last. A plan without it would make it a second time.
  const resources = saved.resources.filter(({ type }) => type !== "aws_cloudwatch_metric_alarm");
  expect(resources.length).toBeLessThan(saved.resources.length);
  await store.put("terraform.tfstate", { ...saved, resources });
  await project.configure({ ...config, health: { ...config.health, path: "/" } });
  const result = await project.run("up", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).toMatch(/could not save its state .*It is saved now/);
  expect(result.stderr).not.toContain("Apply the infrastructure");
  const now = (await store.get("terraform.tfstate"))?.value as TerraformState;
  expect(now.serial).toBeGreaterThanOrEqual(unsaved.serial);
  expect(now.resources).toHaveLength(saved.resources.length);
});

test("a stack.json of another version: the error names the command, and the command works", async () => {
  const { store } = await openStackBucket(project, config);
  const record = (await store.get("stack.json"))?.value as Record<string, unknown>;
  await store.put("stack.json", { ...record, schema_version: 99 });
  const refused = await project.run("up", "--yes");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(
    "infer-deploy up --sandbox plain --refresh writes it in this version's format",
  );
  const result = await project.run("up", "--yes", "--refresh");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).not.toContain("Apply the infrastructure");
  expect((await store.get("stack.json"))?.value).toMatchObject({
    schema_version: 1,
    ami_id: record["ami_id"],
    ami_architecture: "amd64",
  });
});

test("destroy leaves nothing behind", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
});

interface TerraformState {
  readonly serial: number;
  readonly resources: readonly { readonly type: string }[];
}
