import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { findTerraform } from "../../src/terraform/run/binary.ts";
import { configureProviderSource, findProviderSource } from "../../src/terraform/run/mirror.ts";
import { sandboxEnvironment } from "../../sandbox/src/client/sandbox-environment.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { cliPath, repository } from "../../test/_helpers/cli.ts";
import { createProject, type Project } from "../../test/_helpers/project.ts";
import { held, type BoundRow } from "../groups.ts";
import { output } from "./programs.ts";

/**
 * The Go tests of test/terratest, with a local region for them. They bring the Python example up, look at it with bare terraform and with AWS's
 * SDK, change it twice under a probe, and destroy it.
 */
export async function terratest(folder: string): Promise<readonly BoundRow[]> {
  const tests = join(repository, "test", "terratest");
  await output({ file: "go", args: ["vet", "./..."], cwd: tests, env: toolchain });
  const project = await createProject(sandbox);
  try {
    await configure(project);
    const started = await project.runSandbox("start");
    if (started.exitCode !== 0) throw new Error(started.stderr);
    const { exitCode, stdout, stderr } = await createRun()({
      file: "go",
      args: ["test", "-count=1", "-timeout=30m", "-v", "./..."],
      cwd: tests,
      env: await environment(project, folder),
      writes: true,
    });
    await writeFile(join(folder, "terratest.log"), `${stdout}\n${stderr}`);
    const rows = [...stdout.matchAll(/^ {4}--- (PASS|FAIL): TestStack\/(\S+) \((.*)s\)$/gm)].map(
      ([, result, name = "", seconds]) => ({
        test: name.replaceAll("_", " "),
        seconds: Number(seconds),
        ...held("passes", result === "PASS"),
      }),
    );
    const isTold = exitCode === 0 || rows.some(({ result }) => result === "FAIL");
    if (rows.length > 0 && isTold) return rows;
    throw new Error(
      `go test ended with ${exitCode}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`,
    );
  } finally {
    await project.remove();
  }
}

async function configure(project: Project): Promise<void> {
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure({
    name: "terratest",
    region: "eu-west-1",
    protection: false,
    image: { context: "app", port: 8000 },
    health: { path: "/healthz", interval: "5s", timeout: "30s", drain: "5s" },
    instances: { type: "t3.micro", min: 2, max: 4 },
    env: { GREETING: "Hello" },
    tags: { team: "search" },
    release: { bake: "10s" },
  });
}

/** What test/terratest/project_test.go reads, and what leads terraform and the SDK to the region. */
async function environment(
  project: Project,
  folder: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const binary = await findTerraform(createRun(), process.env);
  const search = { binary, folder: join(folder, "provider"), env: process.env };
  return {
    ...project.env,
    ...sandboxEnvironment(state, "eu-west-1", project.env),
    ...(await configureProviderSource(search, findProviderSource(search))),
    ...toolchain,
    CHECKPOINT_DISABLE: "1",
    INFER_DEPLOY_TERRATEST: JSON.stringify({
      folder: project.folder,
      sandbox: project.sandbox,
      buildArgs: await project.buildArgs(),
      cli: [process.execPath, cliPath],
    }),
  };
}

const sandbox = "terratest";
/** Go from 1.21 on fetches the version that go.mod asks for. */
const toolchain = { GOTOOLCHAIN: "auto" };
