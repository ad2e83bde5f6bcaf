import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TerraformBinary } from "./binary.ts";
import {
  acceptsVersion,
  configureProviderSource,
  findProviderSource,
  mirrorConfig,
  versionRange,
  withoutMissingConfig,
} from "./mirror.ts";

const terraform: TerraformBinary = {
  file: "terraform",
  product: "terraform",
  version: "1.11.4",
  platform: "linux_amd64",
};
const tofu: TerraformBinary = { ...terraform, file: "tofu", product: "tofu" };

let machine: string;

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), "mirror-"));
});

afterEach(() => {
  rmSync(machine, { recursive: true });
});

/** Makes folders, and files where the path ends in one of these. */
function make(...paths: readonly string[]): void {
  for (const path of paths) {
    const isFile = /\.zip$|rc$/.test(path);
    mkdirSync(join(machine, isFile ? join(path, "..") : path), { recursive: true });
    if (isFile) writeFileSync(join(machine, path), "");
  }
}

function find(env: Readonly<Record<string, string>> = {}, binary = terraform) {
  const search = { binary, folder: join(machine, "work"), roots: [join(machine, "opt")] };
  const source = findProviderSource({
    trusts: (path) => !path.includes("loose"),
    ...search,
    env: { HOME: join(machine, "home"), XDG_DATA_DIRS: join(machine, "share"), ...env },
  });
  return "path" in source ? { ...source, path: source.path.slice(machine.length + 1) } : source;
}

const unpacked = "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64";

test("nothing there: the registry", () => {
  expect(find()).toEqual({ kind: "registry" });
});

test("a mirror is found in a root and at most two folders below it", () => {
  make(`opt/a/b/${unpacked}`);
  expect(find()).toEqual({ kind: "mirror", path: "opt/a/b" });
  make(`opt/plugins/${unpacked}`);
  expect(find()).toEqual({ kind: "mirror", path: "opt/plugins" });
  make(`opt/${unpacked}`);
  expect(find()).toEqual({ kind: "mirror", path: "opt" });
});

test("a mirror with a package that another user could change is not taken", () => {
  make(`opt/loose/${unpacked}`);
  make(`opt/m/${unpacked.replace("5.100.0", "6.0.0")}/loose`);
  make(
    "opt/p/loose/registry.terraform.io/hashicorp/aws/terraform-provider-aws_6.2.0_linux_amd64.zip",
  );
  expect(find()).toEqual({ kind: "registry" });
});

test("the home folder is not searched, and the usual folders of the system must be root's", () => {
  make(`home/plugins/${unpacked}`);
  const search = { binary: terraform, folder: join(machine, "work") };
  const env = { HOME: join(machine, "home"), XDG_DATA_DIRS: join(machine, "share") };
  expect(findProviderSource({ ...search, env, trusts: () => false })).toEqual({ kind: "registry" });
  const found = findProviderSource({ ...search, env, trusts: () => true });
  expect("path" in found && found.path.startsWith(machine)).toBe(false);
  make(`opt/${unpacked}`);
  // By default: a temporary folder is open to every user.
  const source = findProviderSource({ ...search, env, roots: [join(machine, "opt")] });
  expect(source).toEqual({ kind: "registry" });
});

test("deeper than that, it is not looked for", () => {
  make(`opt/a/b/c/${unpacked}`);
  expect(find()).toEqual({ kind: "registry" });
});

test("packed packages count", () => {
  make("opt/m/registry.terraform.io/hashicorp/aws/terraform-provider-aws_6.2.0_linux_amd64.zip");
  expect(find()).toEqual({ kind: "mirror", path: "opt/m" });
});

test("another platform, another version or another provider is no mirror for us", () => {
  make(
    "opt/a/registry.terraform.io/hashicorp/aws/5.100.0/darwin_arm64",
    "opt/b/registry.terraform.io/hashicorp/aws/5.99.0/linux_amd64",
    "opt/c/registry.terraform.io/hashicorp/aws/terraform-provider-aws_5.100.0_linux_arm64.zip",
    "opt/d/registry.terraform.io/hashicorp/random/5.100.0/linux_amd64",
    "opt/e/registry.opentofu.org/hashicorp/aws/5.100.0/linux_amd64",
  );
  expect(find()).toEqual({ kind: "registry" });
  expect(find({}, tofu)).toEqual({ kind: "mirror", path: "opt/e" });
});

test("a folder that terraform looks in by itself comes before others", () => {
  make(`opt/m/${unpacked}`, `share/terraform/plugins/${unpacked}`);
  expect(find()).toEqual({ kind: "implied", path: "share/terraform/plugins" });
  make(`home/.terraform.d/plugins/${unpacked}`);
  expect(find()).toEqual({ kind: "implied", path: "home/.terraform.d/plugins" });
});

test("the user's CLI configuration decides; one that does not exist is ignored", () => {
  make(`opt/m/${unpacked}`);
  expect(find({ TF_CLI_CONFIG_FILE: join(machine, "missing.tfrc") })).toEqual({
    kind: "mirror",
    path: "opt/m",
  });
  make("home/.terraformrc");
  expect(find()).toEqual({ kind: "user-config", path: "home/.terraformrc" });
  make("own/my.tfrc", "home/.tofurc");
  expect(find({ TF_CLI_CONFIG_FILE: join(machine, "own/my.tfrc") })).toEqual({
    kind: "user-config",
    path: "own/my.tfrc",
  });
  expect(find({}, tofu)).toEqual({ kind: "user-config", path: "home/.tofurc" });
});

test("the named mirror comes before everything, and must have the provider", () => {
  make("home/.terraformrc", `named/${unpacked}`);
  expect(find({ INFER_DEPLOY_TERRAFORM_MIRROR: join(machine, "named") })).toEqual({
    kind: "mirror",
    path: "named",
  });
  const empty = join(machine, "empty");
  expect(() => find({ INFER_DEPLOY_TERRAFORM_MIRROR: empty })).toThrow(
    expect.objectContaining({ exitCode: 64, where: `INFER_DEPLOY_TERRAFORM_MIRROR=${empty}` }),
  );
});

test("terraform learns about a mirror, and only about that, from our own configuration file", async () => {
  const search = { binary: terraform, folder: machine, env: {} };
  expect(await configureProviderSource(search, { kind: "registry" })).toEqual({});
  const added = await configureProviderSource(search, { kind: "mirror", path: "/opt/plugins" });
  const path = join(machine, ".terraform", "infer-deploy", "cli.tfrc");
  expect(added).toEqual({ TF_CLI_CONFIG_FILE: path });
  expect(readFileSync(path, "utf8")).toBe(
    mirrorConfig("/opt/plugins", "registry.terraform.io/hashicorp/aws"),
  );
});

test("only the AWS provider comes from the mirror", () => {
  expect(mirrorConfig('/opt/a "b"', "registry.terraform.io/hashicorp/aws"))
    .toBe(`provider_installation {
  filesystem_mirror {
    path    = "/opt/a \\"b\\""
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
`);
});

test("a missing TF_CLI_CONFIG_FILE is not passed on", () => {
  const path = join(machine, "my.tfrc");
  expect(withoutMissingConfig({ A: "1", TF_CLI_CONFIG_FILE: path })).toEqual({
    A: "1",
    TF_CLI_CONFIG_FILE: undefined,
  });
  make("my.tfrc");
  expect(withoutMissingConfig({ TF_CLI_CONFIG_FILE: path })).toEqual({ TF_CLI_CONFIG_FILE: path });
});

test("the versions are those that the templates ask for", () => {
  const template = fileURLToPath(
    new URL("../../../templates/terraform/root/versions.tf", import.meta.url),
  );
  expect(readFileSync(template, "utf8")).toContain(`"${versionRange}"`);
  const accepted = [
    "5.99.9",
    "5.100.0",
    "5.101.3",
    "6.0.0",
    "6.40.1",
    "7.0.0",
    "7.0.0-beta1",
    "6.0.0-beta1",
    "index.json",
  ].filter(acceptsVersion);
  expect(accepted).toEqual(["5.100.0", "5.101.3", "6.0.0", "6.40.1"]);
});
