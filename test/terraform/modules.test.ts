import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stackInput } from "../_helpers/stack-values.ts";
import { renderForBareTerraform, type BareTerraform } from "../_helpers/bare-terraform.ts";

const templates = fileURLToPath(new URL("../../templates/terraform", import.meta.url));

const login = {
  auth: "oidc",
  oidc: {
    issuer: "https://login.example.com",
    clientId: "demo",
    scope: "openid",
    sessionSeconds: 60,
  },
} as const;
const waf = { mode: "block", rate: 10_000 } as const;
const budget = { usd: 200, emails: [], topic: null, joinsAlerts: true };
const alerts = {
  emails: ["a@example.com"],
  topics: [],
  callTopics: [],
  thresholds: {
    connectionErrors: 10,
    errorPercent: 5,
    minRequests: 20,
    p99Seconds: 2,
    memoryPercent: 90,
    diskPercent: 85,
  },
};
const metrics = { instances: true, path: "/metrics", series: ["queue_texts"] };
const scaling = { metric: "requests", target: 600, series: null, schedules: [] } as const;
const github = {
  repository: "octo-org/octo-repo",
  ownerId: 123_456,
  repositoryId: 456_789,
  branches: ["main"],
  environments: ["production"],
};

let terraform: BareTerraform;
beforeAll(async () => {
  terraform = await renderForBareTerraform();
});
afterAll(async () => {
  await terraform.remove();
});

test("the folder is valid and formatted, with a domain, a login, a web ACL, workflows of GitHub, CloudFront, one machine, a move to a fleet, an existing VPC and each place of the state", async () => {
  await terraform.expect([0], "fmt", "-check", "-recursive", templates);
  await terraform.expect([0], "fmt", "-check", "-recursive");
  await terraform.render({
    domains: ["api.example.com"],
    zone: "example.com",
    routing: "primary",
    waf,
    github,
    ...login,
    alerts,
    metrics,
    budget,
    dashboard: true,
    scaling,
  });
  await terraform.expect([0], "fmt", "-check", "-recursive");
  await terraform.expect([0], "init", "-backend=false", "-input=false");
  await terraform.expect([0], "validate");
  await terraform.render({ https: "cloudfront", alerts, dashboard: true });
  await terraform.expect([0], "fmt", "-check", "-recursive");
  await terraform.expect([0], "init", "-backend=false", "-input=false");
  await terraform.expect([0], "validate");
  await terraform.render({ topology: "single", domains: ["api.example.com"], zone: "example.com" });
  await terraform.expect([0], "fmt", "-check", "-recursive");
  await terraform.expect([0], "init", "-backend=false", "-input=false");
  await terraform.expect([0], "validate");
  for (const serves of ["single", "fleet"] as const) {
    const names = { domains: ["api.example.com"], zone: "example.com" };
    await terraform.render(serves === "single" ? { ...names, alerts } : names, {}, { serves });
    await terraform.expect([0], "fmt", "-check", "-recursive");
    await terraform.expect([0], "init", "-backend=false", "-input=false");
    await terraform.expect([0], "validate");
  }
  const vpc = { id: "vpc-1", loadBalancerSubnets: ["subnet-1"], instanceSubnets: ["subnet-2"] };
  await terraform.render({ network: { ...stackInput().network, flowLogs: "none", vpc } });
  await terraform.expect([0], "fmt", "-check", "-recursive");
  await terraform.expect([0], "init", "-backend=false", "-input=false");
  await terraform.expect([0], "validate");
  const nowhere = { organization: null, workspace: null };
  for (const state of [
    { backend: "local", ...nowhere },
    { backend: "cloud", organization: "acme", workspace: "embeddings-production" },
  ] as const) {
    await terraform.render({ state });
    await terraform.expect([0], "fmt", "-check", "-recursive");
    await terraform.expect([0], "init", "-backend=false", "-input=false");
    await terraform.expect([0], "validate");
  }
});

test("the modules plan what they promise and refuse what AWS would refuse", async () => {
  await terraform.render({
    waf,
    github,
    https: "cloudfront",
    alerts,
    budget,
    dashboard: true,
    scaling,
  });
  await expectSuccess("modules.tftest.hcl", "waf.tftest.hcl");
});

test("so do the modules of a domain, which a stack with CloudFront does not have", async () => {
  await terraform.render({
    domains: ["api.example.com"],
    zone: "example.com",
    routing: "primary",
  });
  await expectSuccess("domain.tftest.hcl");
});

test("so do those of one machine", async () => {
  await terraform.render({ topology: "single", domains: ["api.example.com"], zone: "example.com" });
  await expectSuccess("machine.tftest.hcl");
});

async function expectSuccess(...files: readonly string[]): Promise<void> {
  const folder = join(terraform.folder, "tests");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    await copyFile(fileURLToPath(new URL(file, import.meta.url)), join(folder, file));
  }
  await terraform.expect([0], "init", "-backend=false", "-input=false");
  const { stdout } = await terraform.expect([0], "test", "-no-color");
  expect(stdout).toMatch(/Success! \d+ passed, 0 failed/);
}

test("every module's README has each of its inputs and outputs", async () => {
  for (const module of await readdir(join(templates, "modules"))) {
    const folder = join(templates, "modules", module);
    const readme = await readFile(join(folder, "README.md"), "utf8");
    const rows = [...readme.matchAll(/^\| `([a-z0-9_]+)`/gm)].map((match) => match[1]);
    const declared = await Promise.all([
      listBlocks(join(folder, "variables.tf"), "variable"),
      listBlocks(join(folder, "outputs.tf"), "output"),
    ]);
    expect(rows, module).toEqual(expect.arrayContaining(declared.flat()));
  }
});

async function listBlocks(path: string, kind: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(new RegExp(`^${kind} "([^"]+)"`, "gm"))].map((match) => match[1] ?? "");
}
