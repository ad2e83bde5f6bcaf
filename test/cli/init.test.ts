import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import type { InitDocument } from "../../src/views/init.ts";
import { cliPath, runCli, type CliResult } from "../_helpers/cli.ts";
import { openTerminal } from "../_helpers/pty.ts";

/** `init` without a Docker engine: what it reads, writes and refuses. */
let folder: string;
let programs: string;
const dockerfile = "FROM python:3.12\nEXPOSE 8000\n";

beforeEach(async () => {
  const home = await mkdtemp(join(tmpdir(), "init-"));
  folder = join(home, "My Model");
  programs = join(home, "programs");
  await mkdir(folder);
  await mkdir(programs);
  const found = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  await symlink(found, join(programs, "git"));
});

afterEach(async () => {
  await rm(dirname(folder), { recursive: true });
});

test("a Dockerfile becomes a file that the other verbs read", async () => {
  await put("Dockerfile", dockerfile);
  const written = await init();
  expect(written.exitCode, written.stderr).toBe(0);
  expect(written.stdout).toContain("wrote infer-deploy.yml");
  expect(written.stdout).toContain("infer-deploy up --sandbox default");
  expect(written.stderr).toContain("docker is not installed");
  expect(parse(await read("infer-deploy.yml"))).toMatchObject({
    ...{ name: "my-model", region: "eu-west-1", image: { port: 8000 } },
  });
  const rendered = await run("render", "--out", join(dirname(folder), "terraform"));
  expect(rendered.exitCode, rendered.stderr).toBe(0);
});

test("guesses are marked, in the file and in the document", async () => {
  await put("Dockerfile", "FROM python:3.12\n");
  await put("package.json", '{"name": "@acme/embeddings"}');
  const { stdout } = await init("--no-run", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    schema_version: 1,
    files: ["infer-deploy.yml"],
    settings: { name: "embeddings", port: 8080, health_path: "/healthz" },
    guesses: ["image.port", "health.path"],
    problems: [],
  });
  expect(await read("infer-deploy.yml")).toContain("port: 8080 # CHECK: ");
});

test("the region is the flag's, the environment's or the profile's, and otherwise asked for", async () => {
  await put("Dockerfile", dockerfile);
  const config = join(dirname(folder), "aws");
  await writeFile(config, "[default]\nregion = sa-east-1\n[profile ops]\nregion = us-west-2\n");
  const aws = { AWS_CONFIG_FILE: config, AWS_REGION: "" };
  const regions: string[] = [];
  for (const [args, env] of [
    [[], aws],
    [["--profile", "ops"], { ...aws, AWS_REGION: "eu-north-1" }],
    [[], { ...aws, AWS_REGION: "eu-north-1" }],
    [["--region", "eu-west-3"], aws],
  ] as const) {
    const { stdout, stderr } = await initWith(env, "--no-run", "--json", ...args);
    expect(stderr).toBe("");
    regions.push((JSON.parse(stdout) as InitDocument).settings?.region ?? "");
    await rm(join(folder, "infer-deploy.yml"));
  }
  expect(regions).toEqual(["sa-east-1", "us-west-2", "eu-north-1", "eu-west-3"]);
  const none = await initWith({ AWS_REGION: "", AWS_CONFIG_FILE: "/dev/null" }, "--no-run");
  expect(none).toMatchObject({ exitCode: 64, stdout: "" });
  expect(none.stderr).toContain("next:  infer-deploy init --yes --no-run --region REGION");
});

test.each([
  ["a region that does not exist", ["--region", "eu-middle-1"], "--region takes an AWS region"],
  [
    "a name that cannot be one",
    ["--service-name", "My_API"],
    "--service-name takes 1 to 32 lower-case letters",
  ],
  ["a build argument that cannot be one", ["--build-arg", "1=x"], "image.build_args"],
  ["a file that is not there", ["--dockerfile", "other"], "There is no file other."],
  ["a folder", ["--dockerfile", "src"], "src is a folder."],
  ["a file outside", ["--dockerfile", "../x"], "outside of this folder"],
  ["a file without FROM", ["--dockerfile", "empty"], "empty has no FROM"],
])("%s is refused, and nothing is written", async (_, args, text) => {
  await put("Dockerfile", dockerfile);
  await put("empty", "# nothing\n");
  await mkdir(join(folder, "src"));
  const refused = await init("--no-run", ...args);
  expect(refused).toMatchObject({ exitCode: 64, stdout: "" });
  expect(refused.stderr).toContain(text);
  await expect(read("infer-deploy.yml")).rejects.toThrow("ENOENT");
});

test("no Dockerfile, several, and one below", async () => {
  expect((await init("--no-run")).stderr).toContain("There is no Dockerfile in this folder.");
  await put("app/Dockerfile", "FROM a\nCOPY server.py /\n");
  await put("app/server.py", "");
  const below = await init("--no-run");
  expect(below.stderr).toContain(
    "next:  infer-deploy init --yes --no-run --dockerfile app/Dockerfile",
  );
  await put("cpu.Dockerfile", dockerfile);
  await put("gpu.Dockerfile", dockerfile);
  const several = await init("--no-run");
  expect(several).toMatchObject({ exitCode: 64 });
  expect(several.stderr).toMatch(/several Dockerfiles[^]*cpu\.Dockerfile[^]*gpu\.Dockerfile/);
  // What a Dockerfile copies says which folder it is built from.
  const { stdout } = await init("--no-run", "--json", "--dockerfile", "app/Dockerfile");
  expect(JSON.parse(stdout)).toMatchObject({
    settings: { context: "app", dockerfile: "Dockerfile" },
  });
});

test("a file that is there is never overwritten", async () => {
  await put("Dockerfile", dockerfile);
  await put("infer-deploy.yml", "mine");
  const refused = await init("--no-run");
  expect(refused).toMatchObject({ exitCode: 64, stdout: "" });
  expect(refused.stderr).toContain("next:  infer-deploy plan");
  expect(await read("infer-deploy.yml")).toBe("mine");
});

test("without --yes and without a terminal it asks nothing and writes nothing", async () => {
  await put("Dockerfile", dockerfile);
  const refused = await run("init", "--no-run");
  expect(refused).toMatchObject({ exitCode: 64, stdout: "" });
  expect(refused.stderr).toContain("next:  infer-deploy init --no-run --yes");
});

test("at a terminal it asks, with what it found as the answer to Enter", async () => {
  await put("Dockerfile", dockerfile);
  const { CI: _, ...env } = environment();
  const terminal = await openTerminal({
    file: process.execPath,
    args: [cliPath, "init", "--no-run"],
    cwd: folder,
    env: { ...env, PATH: process.env["PATH"], TERM: "xterm" },
  });
  await terminal.waitFor(/Name of the service \[my-model\]: $/);
  terminal.type("No Name\r");
  await terminal.waitFor(/No Name[^]*Name of the service \[my-model\]: $/);
  terminal.type("api\r");
  await terminal.waitFor(/AWS region \[eu-west-1\]: $/);
  terminal.type("\r");
  expect(await terminal.ended).toMatchObject({ exitCode: 0 });
  expect(await read("infer-deploy.yml")).toMatch(/^name: api\nregion: eu-west-1$/m);
});

test("--github outside of a git repository, and with a remote elsewhere", async () => {
  await put("Dockerfile", dockerfile);
  const none = await init("--no-run", "--github");
  expect(none).toMatchObject({ exitCode: 64, stdout: "" });
  expect(none.stderr).toContain("belongs to no git repository");
  git("init", "-q");
  expect((await init("--no-run", "--github")).stderr).toContain("has no remote origin");
  git("remote", "add", "origin", "https://me:secret@gitlab.com/octo-org/octo-repo.git");
  const elsewhere = await init("--no-run", "--github");
  expect(elsewhere.stderr).toMatch(/not at GitHub[^]*--repository OWNER\/NAME/);
  expect(elsewhere.stderr).not.toContain("secret");
  const wrong = await init("--no-run", "--github", "--repository", "octo-org/*");
  expect(wrong).toMatchObject({ exitCode: 64 });
  await expect(read("infer-deploy.yml")).rejects.toThrow("ENOENT");
  const named = await init("--no-run", "--github", "--repository", "octo-org/octo-repo");
  expect(named.exitCode, named.stderr).toBe(0);
});

test("--github writes workflows at the repository's top, for this folder", async () => {
  await put("services/api/Dockerfile", dockerfile);
  git("init", "-q");
  git("remote", "add", "origin", "git@github.com:octo-org/octo-repo.git");
  const top = folder;
  folder = join(top, "services", "api");
  const written = await init("--no-run", "--github");
  folder = top;
  expect(written.exitCode, written.stderr).toBe(0);
  const staging = await read(".github/workflows/infer-deploy-staging.yml");
  expect(staging).toContain("working-directory: services/api\n");
  expect(staging).not.toMatch(/(?<!\$)\{\{/);
  expect(parse(await read("services/api/infer-deploy.yml"))).toMatchObject({
    github: { repository: "octo-org/octo-repo" },
  });
  for (const text of ["required reviewers", "INFER_DEPLOY_RELEASE_ROLE", "protect `main`"]) {
    expect(written.stdout).toContain(text);
  }
  const again = await runCli(["init", "--github", "--yes"], {
    cwd: join(top, "services", "api"),
    env: environment(),
  });
  expect(again).toMatchObject({ exitCode: 64, stdout: "" });
  expect(again.stderr).toContain(".github/workflows/infer-deploy-staging.yml");
});

test("--github next to a configuration says which lines it lacks", async () => {
  await put("Dockerfile", dockerfile);
  await put("infer-deploy.yml", "name: api\nregion: eu-west-1\nenvironments:\n  production:\n");
  git("init", "-q");
  const written = await init("--github", "--repository", "octo-org/octo-repo");
  expect(written.exitCode, written.stderr).toBe(0);
  expect(written.stdout).toContain("no role for the jobs of staging and production");
  expect(written.stdout).toContain("      repository: octo-org/octo-repo\n");
  expect(await read("infer-deploy.yml")).toMatch(/^name: api\n/);
});

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: programs, HOME: dirname(folder), CI: "1", AWS_REGION: "eu-west-1", ...more };
}

async function run(...args: readonly string[]): Promise<CliResult> {
  return runCli(args, { cwd: folder, env: environment() });
}

async function init(...args: readonly string[]): Promise<CliResult> {
  return run("init", "--yes", ...args);
}

async function initWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<CliResult> {
  return runCli(["init", "--yes", ...args], { cwd: folder, env: environment(env) });
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

async function read(path: string): Promise<string> {
  return readFile(join(folder, path), "utf8");
}

function git(...args: readonly string[]): void {
  execFileSync("git", args, { cwd: folder });
}
