import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createSandboxFetch } from "../../sandbox/src/client/sandbox-fetch.ts";
import type { StatusDocument } from "../../src/views/status/status.ts";
import { repository } from "./cli.ts";
import { askEmbedding, startLoad, type Load } from "./load.ts";
import { contextFor, createProject, type Project } from "./project.ts";
import { startCli, type CliEnd, type RunningCli } from "./running-cli.ts";

/** Ways in which test/release-app/break.ts breaks a version. */
export type Breakage = "crash" | "never-ready" | "errors" | "users" | "slow" | "memory";

export interface ReleaseOptions {
  readonly breakage?: Breakage;
  readonly args?: readonly string[];
}

export type ConfigChanges = Readonly<Record<string, unknown>> & {
  readonly release?: Readonly<Record<string, unknown>>;
};

/** The sample app in its own local region, ready to be released in whole and in broken versions. */
export interface ReleaseProject {
  readonly project: Project;
  /** Writes infer-deploy.yml again with these keys over the test's own. */
  readonly configure: (changes?: ConfigChanges) => Promise<void>;
  /** Brings the first version up, if it is not, and remembers the address. Throws when it fails. */
  readonly up: (version: string) => Promise<void>;
  /** The stack's address. */
  readonly url: () => string;
  readonly start: (verb: string, ...args: readonly string[]) => RunningCli;
  readonly run: (verb: string, ...args: readonly string[]) => Promise<CliEnd>;
  readonly startRelease: (version: string, options?: ReleaseOptions) => RunningCli;
  readonly release: (version: string, options?: ReleaseOptions) => Promise<CliEnd>;
  readonly status: () => Promise<StatusDocument>;
  /** Real predictions from the stack's address. */
  readonly load: (perSecond: number) => Load;
}

/** Builds the sample app's image once; `name` is the sandbox's and the service's. */
export async function createReleaseProject(
  name: string,
  changes: ConfigChanges = {},
): Promise<ReleaseProject> {
  const project = await createProject(name);
  const ask = createSandboxFetch(project.env, project.sandbox, "name");
  await promisify(execFile)("docker", [
    ...["build", "--quiet", "--tag", baseImage, ...(await project.buildArgs())],
    join(repository, "app"),
  ]);
  const configure: ReleaseProject["configure"] = async (more = {}) =>
    project.configure({
      ...settings,
      name,
      image: { context: contextFor(project, join("test", "release-app")), port: 8080 },
      ...changes,
      ...more,
      release: { ...settings.release, ...changes.release, ...more.release },
    });
  await configure();
  let url = "";
  const start: ReleaseProject["start"] = (verb, ...args) =>
    startCli([verb, "--sandbox", project.sandbox, ...args], {
      cwd: project.folder,
      env: project.env,
    });
  const startRelease: ReleaseProject["startRelease"] = (version, options) =>
    start("release", ...releaseArgs(version, options));
  return {
    project,
    configure,
    up: async (version) => {
      const end = await start("up", "--yes", "--json", ...releaseArgs(version)).ended;
      if (end.exitCode !== 0) throw new Error(`up ended with ${end.exitCode}:\n${end.stderr}`);
      ({ url } = JSON.parse(end.stdout) as { url: string });
    },
    url: () => url,
    start,
    run: async (verb, ...args) => start(verb, ...args).ended,
    startRelease,
    release: async (version, options) => startRelease(version, options).ended,
    status: async () =>
      JSON.parse((await start("status", "--json").ended).stdout) as StatusDocument,
    load: (perSecond) => startLoad(async () => askEmbedding(url, ask), perSecond),
  };
}

/** Options of `release` that make a version of the sample app. */
export function releaseArgs(
  version: string,
  { breakage, args = [] }: ReleaseOptions = {},
): readonly string[] {
  const values = [`BASE=${baseImage}`, `VERSION=${version}`, `BREAK=${breakage ?? "none"}`];
  return ["--version", version, ...values.flatMap((value) => ["--build-arg", value]), ...args];
}

const baseImage = "infer-deploy-release-base";

/** Short, so that a test sees everything happen; what they mean is the same as with long ones. */
const settings = {
  region: "eu-west-1",
  protection: false,
  health: { path: "/readyz", interval: "5s", unhealthy_threshold: 2, drain: "5s" },
  version: { path: "/version", field: "version" },
  instances: { type: "t3.small", min: 2, max: 4 },
  alarms: { p99: "1s" },
  release: {
    bake: "5s",
    canary: { weight: 10, bake: "5s" },
    linear: { step: 25, interval: "3s" },
    probe: {
      method: "POST",
      path: "/v1/embeddings",
      body: { input: "hello" },
      json_path: "data.0.embedding",
    },
  },
};
