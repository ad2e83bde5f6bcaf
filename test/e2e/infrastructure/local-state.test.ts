import { cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { stateBucketName } from "../../../src/stack/names.ts";
import { repository } from "../../_helpers/cli.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** examples/local-state. Its state begins in the bucket and is moved to a file, by the commands that the refusal prints. */
const stack = { name: "local-state", region: "eu-west-1" };
const account = "123456789012";
const examples = join(repository, "examples");
const { state, ...example } = parse(
  await readFile(join(examples, "local-state", "infer-deploy.yml"), "utf8"),
) as Readonly<Record<string, object>>;
const config = {
  ...example,
  protection: false,
  image: { ...example["image"], context: "app" },
  health: { timeout: "30s", drain: "5s" },
  instances: { type: "t3.micro", min: 1, max: 2 },
};
const local = { ...config, state };

let project: Project;
let file: string;

beforeAll(async () => {
  project = await createProject("local-state");
  await cp(join(examples, "python-http"), join(project.folder, "app"), { recursive: true });
  const folder = sandboxFolder(project.env, project.sandbox);
  file = join(folder, "local", account, stack.region, stack.name, "production/terraform.tfstate");
  await project.configure(config);
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
});

afterAll(async () => {
  await project.remove();
});

test("a CI job is refused, and HCP Terraform without a token", async () => {
  await project.configure(local);
  Object.assign(project.env, { CI: "1" });
  const inCi = await project.run("plan");
  delete project.env["CI"];
  expect(inCi.exitCode).toBe(64);
  expect(inCi.stderr).toMatch(/state\.backend \(infer-deploy\.yml:\d+:\d+\)/);
  await project.configure({ ...config, state: { backend: "cloud", organization: "acme" } });
  const noToken = await project.run("plan");
  expect(noToken.exitCode).toBe(64);
  expect(noToken.stderr).toContain("TF_TOKEN_app_terraform_io is not set");
});

test("another backend is refused, with the commands that move the state", async () => {
  await project.configure(local);
  for (const verb of ["plan", "up", "destroy"]) {
    const refused = await project.run(verb, ...(verb === "plan" ? [] : ["--yes"]));
    expect(refused.exitCode, verb + refused.stderr).toBe(64);
    expect(refused.stderr).toContain(
      `aws s3 cp s3://${stateBucketName(account, stack.region)}/local-state/production/terraform.tfstate moved.tfstate`,
    );
    expect(refused.stderr).toContain(`install -D -m 600 moved.tfstate ${file}`);
  }
});

test("once the file is there, no plan changes anything, and the next up uses it", async () => {
  const { aws, store } = await openStackBucket(project, stack);
  const Bucket = stateBucketName(account, stack.region);
  const Key = "local-state/production/terraform.tfstate";
  const object = await (await aws.s3()).send(new GetObjectCommand({ Bucket, Key }));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, (await object.Body?.transformToString()) ?? "", { mode: 0o600 });
  await store.removeAll("terraform.tfstate");
  expect(await project.run("plan", "--detailed-exitcode")).toMatchObject({ exitCode: 0 });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect((await store.get("stack.json"))?.value).toMatchObject({ state_backend: "local" });
});

test("a change goes into the file, whose mode stays, and the bucket has no state", async () => {
  const before = JSON.parse(await readFile(file, "utf8")) as { serial: number };
  await project.configure({ ...local, tags: { team: "ml" } });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  const after = JSON.parse(await readFile(file, "utf8")) as { serial: number };
  expect(after.serial).toBeGreaterThan(before.serial);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { store } = await openStackBucket(project, stack);
  expect(await store.get("terraform.tfstate")).toBeUndefined();
  const again = await project.run("up", "--yes");
  expect(again.stdout).toContain("is up to date");
  expect(await project.run("plan", "--detailed-exitcode")).toMatchObject({ exitCode: 0 });
});

test("destroy leaves neither a resource nor the file", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
});
