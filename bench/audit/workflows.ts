import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { repository } from "../../test/_helpers/cli.ts";
import { runShellcheck } from "../../test/_helpers/instance-shellcheck.ts";
import { readWorkflow, shellSteps } from "../../test/_helpers/workflow-steps.ts";
import { held, type BoundRow } from "../groups.ts";
import { output } from "./programs.ts";

/** Actionlint over every workflow, those that `init --github` writes included, and shellcheck over their shell steps. */
export async function workflows(folder: string): Promise<readonly BoundRow[]> {
  const actionlint = await installActionlint(join(folder, "actionlint"));
  const places = [
    ["this repository's", join(repository, ".github", "workflows")],
    ["examples/github-actions", join(repository, "examples/github-actions/.github/workflows")],
    ["init --github", await writeByInit(folder)],
  ] as const;
  const rows: BoundRow[] = [];
  for (const [owner, place] of places) {
    for (const name of (await readdir(place)).toSorted()) {
      const file = join(place, name);
      const lint = await createRun()({
        file: actionlint,
        args: ["-no-color", file],
        writes: false,
      });
      const scripts = await writeSteps(join(folder, "steps", basename(name, ".yml")), file);
      const shell = scripts.length === 0 ? undefined : await runShellcheck(scripts);
      process.stderr.write(`${lint.stdout}${shell?.stdout ?? ""}`);
      rows.push({
        ...{ workflow: `${owner}: ${name}`, "shell steps": scripts.length },
        ...held(
          "actionlint and shellcheck find nothing",
          lint.exitCode === 0 && (shell?.exitCode ?? 0) === 0,
        ),
      });
    }
  }
  return rows;
}

/** Resolves to the folder of the workflows. */
async function writeByInit(folder: string): Promise<string> {
  const project = join(folder, "written");
  await rm(project, { recursive: true, force: true });
  await mkdir(project, { recursive: true });
  await writeFile(join(project, "Dockerfile"), "FROM python:3.12\nEXPOSE 8000\n");
  // Below the ceiling, git does not find this repository.
  await output({
    file: process.execPath,
    args: [
      join(repository, "bin", "infer-deploy.js"),
      ...["init", "--yes", "--no-run", "--region", "eu-west-1"],
      ...["--github", "--repository", "octo-org/octo-repo"],
    ],
    cwd: project,
    env: { GIT_CEILING_DIRECTORIES: folder },
  });
  return join(project, ".github", "workflows");
}

/** Each shell step as a script, as GitHub runs it: bash -e -o pipefail. Resolves to their paths, relative to the repository. */
async function writeSteps(folder: string, workflow: string): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const steps = shellSteps(readWorkflow(await readFile(workflow, "utf8")));
  return Promise.all(
    steps.map(async ({ job, run }, index) => {
      const file = join(folder, `${job}-${index}.sh`);
      await writeFile(file, `#!/usr/bin/env bash\nset -e -o pipefail\n${run}\n`);
      return relative(repository, file);
    }),
  );
}

/** Builds actionlint in a fixed version, into a separate folder. Resolves to the program's path. */
async function installActionlint(folder: string): Promise<string> {
  const program = join(folder, version, "actionlint");
  if (existsSync(program)) return program;
  process.stderr.write("actionlint is being built, which takes a minute\n");
  await output({
    file: "go",
    args: ["install", `github.com/rhysd/actionlint/cmd/actionlint@${version}`],
    env: { GOBIN: join(folder, version), GOFLAGS: "-mod=mod", GOTOOLCHAIN: "auto" },
  });
  return program;
}

const version = "v1.7.12";
