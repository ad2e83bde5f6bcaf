import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { StatusDocument } from "../../src/views/status/status.ts";
import { repairCommand } from "./printed-commands.ts";
import { repository, runCli, type CliResult } from "./cli.ts";

/** A user's folder with an infer-deploy.yml, and its own local region to work in. */
export interface Project {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly sandbox: string;
  /** Writes infer-deploy.yml; `context` is a folder of this repository. */
  readonly configure: (config: Record<string, unknown>) => Promise<void>;
  /** Runs a verb in the folder's sandbox. */
  readonly run: (verb: string, ...args: string[]) => Promise<CliResult>;
  /** The same, for a verb that must succeed. Throws with what it printed unless its exit code is 0. */
  readonly succeed: (verb: string, ...args: string[]) => Promise<CliResult>;
  /** What `status` knows, also of a stack that is not healthy. */
  readonly status: () => Promise<StatusDocument>;
  /** Runs a verb of `sandbox` on it. */
  readonly runSandbox: (verb: string, ...args: string[]) => Promise<CliResult>;
  /**
   * Runs the command that an error's `next:` names, with more flags, such as --yes: the first one that changes something. Throws unless it
   * succeeds.
   */
  readonly runPrinted: (
    end: Pick<CliResult, "stderr" | "stdout">,
    ...args: readonly string[]
  ) => Promise<CliResult>;
  /** Build arguments that name the base images of this machine. */
  readonly buildArgs: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

export async function createProject(sandbox: string): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), `infer-deploy-${sandbox}-`));
  const { golang } = await bases();
  const env = {
    ...process.env,
    // In place of the official image, where that cannot be pulled.
    ...(golang === undefined ? {} : { INFER_DEPLOY_BASE_GO: golang }),
    XDG_STATE_HOME: join(tmpdir(), `infer-deploy-state-${process.pid}`),
    NO_COLOR: "1",
  };
  const run: Project["run"] = async (verb, ...args) =>
    runCli([verb, "--sandbox", sandbox, ...args], { cwd: folder, env });
  const runSandbox: Project["runSandbox"] = async (verb, ...args) =>
    runCli(["sandbox", verb, ...args, "--name", sandbox], { cwd: folder, env });
  return {
    folder,
    env,
    sandbox,
    configure: async (config) => {
      await writeFile(join(folder, "infer-deploy.yml"), stringify(config));
    },
    run,
    succeed: async (verb, ...args) => {
      const end = await run(verb, ...args);
      if (end.exitCode === 0) return end;
      throw new Error(`${[verb, ...args].join(" ")} ended with ${end.exitCode}:\n${end.stderr}`);
    },
    status: async () => JSON.parse((await run("status", "--json")).stdout) as StatusDocument,
    runSandbox,
    runPrinted: async (end, ...args) => {
      const words = repairCommand(end);
      if (words === undefined) throw new Error(`No command was printed:\n${end.stderr}`);
      const result = await runCli([...words, ...args], { cwd: folder, env });
      if (result.exitCode !== 0) throw new Error(`${end.stderr}\n${result.stderr}`);
      return result;
    },
    buildArgs: baseArguments,
    remove: async () => {
      const bugs = await emulatorBugs(sandbox);
      await runSandbox("stop");
      await rm(folder, { recursive: true, force: true });
      if (bugs !== "")
        throw new Error(`The region answered a call with an error in its code:\n${bugs}`);
    },
  };
}

/** A folder of this repository as the config of a project elsewhere must spell it. */
export function contextFor(project: Project, folder: string): string {
  return relative(project.folder, join(repository, folder));
}

/**
 * What the emulator complained of; empty when it is not there. An SDK repeats a call that ended with an error in the region's code, so the test
 * would fail later and elsewhere, or not end.
 */
async function emulatorBugs(sandbox: string): Promise<string> {
  const { all } = await execa("docker", ["logs", `infer-deploy-${sandbox}-emulator`], {
    all: true,
    reject: false,
  });
  const start = all.indexOf("Traceback");
  return start === -1 ? "" : all.slice(start, start + 5000);
}

async function baseArguments(): Promise<readonly string[]> {
  const { node, python } = await bases();
  return ["--build-arg", `NODE_IMAGE=${node}`, "--build-arg", `PYTHON_IMAGE=${python}`];
}

/** The base images of this machine, as bin/setup found or made them. */
async function bases(): Promise<Readonly<Partial<Record<"golang" | "node" | "python", string>>>> {
  const text = await readFile(join(repository, ".cache", "bases.json"), "utf8");
  return JSON.parse(text) as Awaited<ReturnType<typeof bases>>;
}
