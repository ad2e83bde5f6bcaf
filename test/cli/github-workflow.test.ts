import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../_helpers/cli.ts";

const folder = join(repository, "examples", "github-actions", ".github", "workflows");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

test("the workflow of docs/reference/github.md is the example's", () => {
  const page = readFileSync(join(repository, "docs", "reference", "github.md"), "utf8");
  expect(page).toContain(`\`\`\`yaml\n${read("release.yml")}\`\`\``);
});

test.each([
  ["release.yml", "release", "infer-deploy release --version"],
  ["plan.yml", "plan", "infer-deploy plan"],
])("%s asks for a token, for no right to write, and runs %s", (file, job, command) => {
  const { permissions, jobs } = parse(read(file)) as Workflow;
  expect(permissions).toEqual({ contents: "read", "id-token": "write" });
  const commands = (jobs[job]?.steps ?? []).map(({ run }) => run ?? "");
  expect(commands.some((line) => line.startsWith(command))).toBe(true);
});
