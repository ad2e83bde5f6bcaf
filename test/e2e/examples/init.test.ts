import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { InitDocument } from "../../../src/views/init.ts";
import { repository, runCli, type CliResult } from "../../_helpers/cli.ts";
import {
  baseImages,
  copyDockerfile,
  dockerfileKinds,
  type DockerfileKind,
} from "../../_helpers/dockerfile-kinds.ts";
import { createProject, type Project } from "../../_helpers/project.ts";

/**
 * Ten Dockerfiles: what `init --yes` writes for each deploys unchanged. `npm run audit` has all of them, and every other run two, by turns. Two
 * at a time, because most of an `up` is the AWS provider's fixed waits.
 */
const all = Object.keys(dockerfileKinds) as DockerfileKind[];
const pairs = all.flatMap((kind, index) =>
  index % 2 === 0 ? [[kind, all[index + 1] ?? kind]] : [],
);

let project: Project;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  project = await createProject("init");
  env = { ...project.env, ...(await baseImages()), AWS_REGION: "eu-west-1" };
});

afterAll(async () => {
  await project.remove();
});

test.each(chosenPairs())("%s and %s deploy as they are written", async (...kinds) => {
  await Promise.all(kinds.map(deploy));
  const reset = await project.runSandbox("reset");
  expect(reset.exitCode, reset.stderr).toBe(0);
});

async function deploy(kind: DockerfileKind): Promise<void> {
  const folder = join(project.folder, kind);
  await copyDockerfile(kind, folder);
  const written = await run(folder, "init", "--yes", "--json");
  expect(written.exitCode, written.stderr).toBe(0);
  const { settings, guesses, problems } = JSON.parse(written.stdout) as InitDocument;
  const { port, path, ...rest } = dockerfileKinds[kind];
  expect(settings).toMatchObject({ name: kind, port, health_path: path, ...rest });
  expect({ guesses, problems }).toEqual({ guesses: [], problems: [] });

  const file = join(folder, "infer-deploy.yml");
  const text = await readFile(file, "utf8");
  const plan = await run(folder, "plan", "--sandbox", project.sandbox);
  expect(plan.exitCode, plan.stderr).toBe(0);
  const up = await run(folder, "up", "--yes", "--json", "--sandbox", project.sandbox);
  expect(up.exitCode, `${kind}: ${up.stderr}`).toBe(0);
  const status = await run(folder, "status", "--sandbox", project.sandbox);
  expect(status.exitCode, status.stdout).toBe(0);
  expect(await readFile(file, "utf8")).toBe(text);
  expect(parse(text)).toMatchObject({ name: kind, region: "eu-west-1" });
}

async function run(folder: string, ...args: readonly string[]): Promise<CliResult> {
  return runCli(args, { cwd: folder, env: { ...env, CI: "1" } });
}

function chosenPairs(): DockerfileKind[][] {
  if (process.env["INFER_DEPLOY_TEST_ALL"] === "1") return pairs;
  const count = Number(
    execFileSync("git", ["rev-list", "--count", "HEAD"], { cwd: repository, encoding: "utf8" }),
  );
  return pairs.slice(count % pairs.length).slice(0, 1);
}
