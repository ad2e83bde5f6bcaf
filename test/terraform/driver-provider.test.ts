import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { findTerraform } from "../../src/terraform/run/binary.ts";
import type { TerraformBinary } from "../../src/terraform/run/binary.ts";
import { copyModule, openFixture, removeFolder } from "../_helpers/terraform.ts";
import { matching } from "../_helpers/terraform-matchers.ts";

let binary: TerraformBinary;
let folder: string;
let mirror: string;

beforeEach(async () => {
  binary = await findTerraform(createRun(), process.env);
  folder = await copyModule("provider");
  mirror = join(folder, "mirror");
  await fillMirror("first");
});

afterEach(async () => {
  await removeFolder(folder);
});

/** Init takes a package for what it is named: it does not start the provider. */
async function fillMirror(content: string, version = "5.100.0"): Promise<void> {
  const host = binary.product === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
  const target = join(mirror, host, "hashicorp", "aws", version, binary.platform);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, `terraform-provider-aws_v${version}`), content, { mode: 0o755 });
}

async function open() {
  return openFixture(folder, { env: { ...process.env, INFER_DEPLOY_TERRAFORM_MIRROR: mirror } });
}

async function readLockFile(): Promise<string> {
  return readFile(join(folder, ".terraform.lock.hcl"), "utf8");
}

test("init takes the provider from the mirror, and once only", async () => {
  const terraform = await open();
  expect(await terraform.init()).toBe("initialised");
  expect(await readLockFile()).toMatch(/version\s+= "5\.100\.0"/);
  expect(await terraform.init()).toBe("unchanged");
});

test("init is done again when the mirror it linked to is gone", async () => {
  const terraform = await open();
  await terraform.init();
  await removeFolder(join(mirror, "registry.terraform.io"));
  await removeFolder(join(mirror, "registry.opentofu.org"));
  await expect(terraform.init()).rejects.toMatchObject({
    message: "The named provider mirror does not have the AWS provider",
    exitCode: 64,
  });
});

test("a folder that was initialised on another platform works here, with the same version", async () => {
  await (await open()).init();
  const before = await readLockFile();
  await fillMirror("the same version for another platform");
  await removeFolder(join(folder, ".terraform"));

  await (await open()).init();
  const after = await readLockFile();
  expect(after).toMatch(/version\s+= "5\.100\.0"/);
  expect(after).not.toBe(before);
});

test("a package that changed on the platform that recorded it is refused", async () => {
  await (await open()).init();
  await fillMirror("tampered");
  await expect((await open()).init({ upgrade: true })).rejects.toMatchObject({
    why: matching(/checksums/),
  });
});

test("the version that the stack was applied with stays, until an upgrade takes the newest", async () => {
  await fillMirror("newer", "6.1.0");
  const terraform = await open();
  await terraform.init({ providerVersion: "5.100.0" });
  expect(await terraform.providerVersion()).toBe("5.100.0");
  await terraform.init({ providerVersion: "5.100.0", upgrade: true });
  expect(await terraform.providerVersion()).toBe("6.1.0");
  // Another machine has upgraded the stack, or this one's upgrade was refused.
  await terraform.init({ providerVersion: "5.100.0" });
  expect(await terraform.providerVersion()).toBe("5.100.0");
  await terraform.init({ providerVersion: "6.1.0" });
  expect(await terraform.providerVersion()).toBe("6.1.0");
});

test("a mirror without the stack's version is refused, with what helps", async () => {
  const terraform = await open();
  await expect(terraform.init({ providerVersion: "6.1.0" })).rejects.toMatchObject({
    why: matching(/applied with version 6\.1\.0/),
    next: matching(/up --upgrade-provider/),
  });
});
