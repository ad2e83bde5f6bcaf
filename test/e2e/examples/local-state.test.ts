import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { stateBucketName } from "../../../src/stack/names.ts";
import { repository } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** examples/local-state. Its state goes to the bucket and back, by the commands that the refusals print. */
const stack = { name: "local-state", region: "eu-west-1" };
const account = "123456789012";
const object = {
  Bucket: stateBucketName(account, stack.region),
  Key: "local-state/production/terraform.tfstate",
};
const address = `s3://${object.Bucket}/${object.Key}`;

let project: Project;
let local: Record<string, unknown>;
let inBucket: Record<string, unknown>;
let file: string;

beforeAll(async () => {
  project = await createProject("local-state");
  const example = join(repository, "examples", "local-state", "infer-deploy.yml");
  const { state, ...config } = parse(await readFile(example, "utf8")) as Record<string, object>;
  inBucket = {
    ...config,
    protection: false,
    image: { ...config["image"], context: contextFor(project, "examples/python-http") },
    instances: { min: 1, max: 2 },
  };
  local = { ...inBucket, state };
  const folder = sandboxFolder(project.env, project.sandbox);
  file = join(folder, "local", account, stack.region, stack.name, "production/terraform.tfstate");
});

afterAll(async () => {
  await project.remove();
});

test("the state is in a file of this user alone, and a second plan changes nothing", async () => {
  await project.configure(local);
  await succeed("up", "--yes", ...(await project.buildArgs()));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { store } = await openStackBucket(project, stack);
  expect(await store.get("terraform.tfstate")).toBeUndefined();
  expect((await store.get("stack.json"))?.value).toMatchObject({
    state_backend: "local",
    state_serial: await serial(),
  });
  await succeed("plan", "--detailed-exitcode");
});

test("a change goes into the file, whose mode stays", async () => {
  const before = await serial();
  await project.configure({ ...local, tags: { team: "ml" } });
  await succeed("up", "--yes");
  expect(await serial()).toBeGreaterThan(before);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await succeed("up", "--yes")).toContain("is up to date");
  await succeed("plan", "--detailed-exitcode");
});

test("a rehearsal of HCP Terraform keeps its state in the same file, and needs no token", async () => {
  const state = { backend: "cloud", organization: "acme" };
  await project.configure({ ...inBucket, tags: { team: "ml" }, state });
  await succeed("plan", "--detailed-exitcode");
});

test("the bucket is refused with the commands that move the state, and then used", async () => {
  await project.configure({ ...inBucket, tags: { team: "ml" } });
  const printed = [`cp ${file} moved.tfstate`, `aws s3 cp moved.tfstate ${address}`];
  for (const verb of ["plan", "up", "destroy"]) await refuse(verb, printed);
  await runInProject(printed[0]);
  const { aws } = await openStackBucket(project, stack);
  const Body = await readFile(join(project.folder, "moved.tfstate"));
  await (await aws.s3()).send(new PutObjectCommand({ ...object, Body }));
  await succeed("plan", "--detailed-exitcode");
  await project.configure(inBucket);
  await succeed("up", "--yes");
});

test("the file that was left behind is too old, and the newest state is taken", async () => {
  await project.configure(local);
  const printed = [`aws s3 cp ${address} moved.tfstate`, expect.stringContaining(file)];
  const [, put] = await refuse("up", printed);
  const { aws } = await openStackBucket(project, stack);
  const { Body } = await (await aws.s3()).send(new GetObjectCommand(object));
  const moved = join(project.folder, "moved.tfstate");
  await writeFile(moved, (await Body?.transformToString()) ?? "");
  await runInProject(put);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await succeed("plan", "--detailed-exitcode");
});

test("destroy leaves neither a resource nor the file", async () => {
  expect(await succeed("destroy", "--yes")).toContain("no tagged resource left");
  await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
});

async function succeed(verb: string, ...args: readonly string[]): Promise<string> {
  const run = await project.run(verb, ...args);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  return run.stdout;
}

/** Resolves to the commands that the refusal prints. */
async function refuse(verb: string, printed: readonly unknown[]): Promise<readonly string[]> {
  const refused = await project.run(verb, ...(verb === "plan" ? [] : ["--yes"]));
  expect(refused.exitCode, verb + refused.stderr).toBe(64);
  const lines = refused.stderr.split("\n").map((line) => line.trim());
  const commands = lines.filter(
    (line) => line.includes("moved.tfstate") && !line.startsWith("next:"),
  );
  expect(commands, refused.stderr).toEqual(printed);
  return commands;
}

async function runInProject(command = ""): Promise<void> {
  await execa("sh", ["-c", command], { cwd: project.folder });
}

async function serial(): Promise<number> {
  return (JSON.parse(await readFile(file, "utf8")) as { readonly serial: number }).serial;
}
