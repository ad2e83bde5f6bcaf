import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../_helpers/cli.ts";
import { stackRecord } from "../_helpers/rollout-values.ts";

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "render-"));
  await writeFile(join(folder, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  // No credentials, and nothing that could lead to AWS.
  env = {
    PATH: process.env["PATH"],
    XDG_STATE_HOME: join(folder, "state"),
    AWS_EC2_METADATA_DISABLED: "true",
    HTTPS_PROXY: "http://127.0.0.1:9",
  };
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function render(...args: string[]) {
  const end = await runCli(["render", "--out", "rendered", ...args], { cwd: folder, env });
  const read = async (file: string) => readFile(join(folder, "rendered", file), "utf8");
  return { ...end, read };
}

/** As `up` leaves it on this machine. */
async function remember(account: string, changes: object = {}): Promise<void> {
  const place = join(folder, "state/infer-deploy/stacks", account, "eu-west-1/app/production");
  await mkdir(place, { recursive: true });
  const record = { ...stackRecord(), account, ami_id: "ami-0a", ...changes };
  await writeFile(join(place, "stack.json"), JSON.stringify(record));
}

test("without credentials and without a network, what only AWS knows is left for terraform to ask", async () => {
  const { exitCode, stderr, read } = await render();
  expect(exitCode).toBe(0);
  expect(stderr).toContain("terraform asks there for the account, the machine image and the zones");
  const values = JSON.parse(await read("terraform.tfvars.json")) as object;
  expect(values).not.toHaveProperty("account_id");
  expect(values).not.toHaveProperty("ami_id");
  expect(await read("README.md")).toContain(
    '-backend-config="bucket=infer-deploy-ACCOUNT-REGION-an"',
  );
  expect(await readdir(folder)).not.toContain("state");
});

test("--account makes the folder whole but for the machine image", async () => {
  const { stderr, read } = await render("--account", "123456789012");
  expect(stderr).toContain("asks there for the machine image and the zones");
  expect(await read("backend.tf")).toContain('"infer-deploy-123456789012-eu-west-1-an"');
  expect(JSON.parse(await read("terraform.tfvars.json"))).toMatchObject({
    account_id: "123456789012",
  });
});

test("a stack that this machine brought up is rendered as it was applied", async () => {
  await remember("123456789012");
  const { stdout, stderr, read } = await render("--json");
  expect(stderr).toContain("terraform init && terraform plan works there");
  expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, asks: [] });
  expect(JSON.parse(await read("terraform.tfvars.json"))).toMatchObject({
    account_id: "123456789012",
    ami_id: "ami-0a",
  });
});

test("the machine image of another processor is not taken", async () => {
  await remember("123456789012", { ami_architecture: "arm64" });
  expect((await render()).stderr).toContain("asks there for the machine image");
});

test("a stack that is in two accounts needs --account", async () => {
  await remember("123456789012");
  await remember("210987654321");
  const refused = await render();
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toContain("next:  add --account 123456789012");
  const { read } = await render("--account", "210987654321");
  expect(await read("backend.tf")).toContain("infer-deploy-210987654321-eu-west-1");
});

test("an account that is none is refused", async () => {
  const { exitCode, stderr } = await render("--account", "prod");
  expect(exitCode).toBe(64);
  expect(stderr).toContain("twelve digits");
});
