import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../_helpers/cli.ts";

/** What is refused before AWS is asked, because this machine cannot keep or reach Terraform's state. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "state-place-"));
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\n");
});
afterEach(() => rm(folder, { recursive: true }));

async function plan(state: string, changes: NodeJS.ProcessEnv) {
  const lines = ["name: app", "region: eu-west-1", `state: ${state}`];
  await writeFile(join(folder, "infer-deploy.yml"), lines.join("\n"));
  const { CI: _, TF_TOKEN_app_terraform_io: __, ...env } = process.env;
  return runCli(["plan"], { cwd: folder, env: { ...env, XDG_STATE_HOME: folder, ...changes } });
}

test("a CI job keeps no state in a file", async () => {
  const refused = await plan("{ backend: local }", { CI: "true" });
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toContain("state.backend (infer-deploy.yml:3:19)");
});

test("HCP Terraform needs a token", async () => {
  const refused = await plan("{ backend: cloud, organization: acme }", {});
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toContain("TF_TOKEN_app_terraform_io is not set");
});
