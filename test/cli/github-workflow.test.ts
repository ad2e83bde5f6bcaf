import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../_helpers/cli.ts";

const folder = join(repository, "examples", "github-actions", ".github", "workflows");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly if?: string }[] }>
  >;
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

test("office hours: one schedule sleeps and the others wake, and the reference has the same ones", () => {
  const example = join(repository, "examples", "office-hours", ".github", "workflows");
  const text = readFileSync(join(example, "office-hours.yml"), "utf8");
  const { on, jobs } = parse(text) as Workflow & {
    readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  };
  const crons = on.schedule.map(({ cron }) => cron);
  const conditions = (jobs["office-hours"]?.steps ?? []).flatMap((step) => step.if ?? []);
  const sleeping = conditions.map((one) => /github\.event\.schedule ([!=]=) '(.*?)'/.exec(one));
  expect(sleeping.map((one) => one?.[1])).toEqual(["==", "!="]);
  expect(new Set(sleeping.map((one) => one?.[2])).size).toBe(1);
  expect(crons.filter((cron) => cron === sleeping[0]?.[2])).toHaveLength(1);
  const page = readFileSync(join(repository, "docs", "reference", "cli.md"), "utf8");
  const shown = [...page.matchAll(/^ {4}- cron: "(.*?)"/gm)].map(([, cron]) => cron);
  expect(shown).toEqual(crons);
});
