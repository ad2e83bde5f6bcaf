import { expect, test } from "vitest";
import { CommandError } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";
import { findTerraform, readVersion } from "./binary.ts";

/** A machine with these programs on it: name and what they answer to `version`. */
function machine(programs: Readonly<Record<string, string>>): Run {
  return async ({ file }) => {
    const stdout = programs[file];
    if (stdout === undefined)
      throw new CommandError(
        file.includes("/") ? `${file} does not exist` : `${file} is not installed`,
      );
    return { exitCode: 0, stdout, stderr: "" };
  };
}

const recent =
  "Terraform v1.11.4\non linux_amd64\n+ provider registry.terraform.io/hashicorp/aws v5.100.0\n";
const old = "Terraform v1.9.8\non linux_amd64\n\nYour version of Terraform is out of date!\n";
const tofu = "OpenTofu v1.10.2\non darwin_arm64\n";

test("terraform comes first", async () => {
  const found = {
    file: "terraform",
    product: "terraform",
    version: "1.11.4",
    platform: "linux_amd64",
  };
  expect(await findTerraform(machine({ terraform: recent, tofu }), {})).toEqual(found);
});

test("tofu when terraform is missing or too old", async () => {
  const found = { file: "tofu", product: "tofu", version: "1.10.2", platform: "darwin_arm64" };
  expect(await findTerraform(machine({ tofu }), {})).toEqual(found);
  expect(await findTerraform(machine({ terraform: old, tofu }), {})).toEqual(found);
});

test("the environment names another one, and then no other is taken", async () => {
  const run = machine({ terraform: recent, "/opt/tofu": tofu });
  expect(await findTerraform(run, { INFER_DEPLOY_TERRAFORM: "/opt/tofu" })).toMatchObject({
    file: "/opt/tofu",
    product: "tofu",
  });
  await expect(findTerraform(run, { INFER_DEPLOY_TERRAFORM: "/missing" })).rejects.toMatchObject({
    message: "INFER_DEPLOY_TERRAFORM names /missing, which cannot be started",
    why: "/missing does not exist",
    exitCode: 64,
  });
});

test("none, or only old ones: one sentence and where to get one", async () => {
  await expect(findTerraform(machine({}), {})).rejects.toMatchObject({
    message: "Terraform is not installed",
    why: "terraform and tofu cannot be started; 1.10 or newer is needed",
    next: "Install one: https://developer.hashicorp.com/terraform/install (or https://opentofu.org/docs/intro/install/)",
    exitCode: 64,
  });
  await expect(findTerraform(machine({ terraform: old }), {})).rejects.toMatchObject({
    message: "The installed Terraform is too old",
    why: "terraform is version 1.9.8; 1.10 or newer is needed",
  });
});

test("a program that is something else is not called old", async () => {
  expect(readVersion("x", "hello")).toBeUndefined();
  await expect(findTerraform(machine({ terraform: "hello\nyou" }), {})).rejects.toMatchObject({
    message: "The program that is installed as Terraform is neither Terraform nor OpenTofu",
    why: 'terraform version prints "hello" (exit 0)',
    exitCode: 64,
  });
  const run = machine({ "/bin/true": "" });
  await expect(findTerraform(run, { INFER_DEPLOY_TERRAFORM: "/bin/true" })).rejects.toMatchObject({
    message: "INFER_DEPLOY_TERRAFORM names /bin/true, which is neither Terraform nor OpenTofu",
    why: "/bin/true version prints nothing (exit 0)",
  });
});
