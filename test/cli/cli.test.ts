import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../src/cli.ts";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Output {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The CLI in this process, with both streams caught. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Output> {
  let stdout = "";
  let stderr = "";
  const streams: Pick<NodeJS.Process, "on" | "removeListener"> & Record<string, unknown> = {
    exitCode: 0,
    stdin: { isTTY: false },
    stdout: writer((text) => (stdout += text)),
    stderr: writer((text) => (stderr += text)),
    env: { PATH: process.env["PATH"], ...env },
    cwd: () => folder,
    argv: ["node", "infer-deploy", ...args],
    exit: () => undefined,
    on: () => process,
    once: () => process,
    removeListener: () => process,
  };
  await main(["node", "infer-deploy", ...args], streams as unknown as NodeJS.Process);
  return { exitCode: Number(streams["exitCode"]), stdout, stderr };
}

function writer(take: (text: string) => void) {
  const stream = {
    isTTY: false,
    write: (text: string) => {
      take(text);
      return true;
    },
    on: () => stream,
    listeners: () => [],
    removeListener: () => stream,
  };
  return stream;
}

test("--help lists every verb on standard output and ends with 0", async () => {
  const result = await run(["--help"]);
  expect(result.exitCode).toBe(0);
  for (const verb of ["up", "plan", "status", "destroy", "render", "lock", "sandbox"]) {
    expect(result.stdout).toMatch(new RegExp(`^  ${verb}\\b`, "m"));
  }
  expect(result.stderr).toBe("");
});

test.each([
  [["upp"], "unknown command 'upp'"],
  [["up", "--yess"], "unknown option '--yess'"],
  [["up", "--build-arg", "novalue"], "KEY=VALUE"],
  [["render"], "--out"],
])("%j is refused with 64 and says why on standard error", async (args, text) => {
  const result = await run(args);
  expect(result).toMatchObject({ exitCode: 64, stdout: "" });
  expect(result.stderr).toContain(text);
});

test("a folder without a config gets one sentence and a beginning", async () => {
  const result = await run(["up"]);
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("There is no infer-deploy.yml");
  expect(result.stderr).toContain("next:");
});

test("all problems of a config are reported together, with line and column", async () => {
  await writeFile(
    join(folder, "infer-deploy.yml"),
    "name: Bad_Name\nregion: eu-west-1\nimage:\n  port: 99999\n  contxt: .\n",
  );
  const result = await run(["up"]);
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("infer-deploy.yml:1:7");
  expect(result.stderr).toContain("infer-deploy.yml:4:9");
  expect(result.stderr).toMatch(/infer-deploy\.yml:5:3.*did you mean/);
});

test.each(["", "0", "false", "no"])(
  "INFER_DEPLOY_YES=%s is no yes, and no mistake either",
  async (value) => {
    const result = await run(["up"], { INFER_DEPLOY_YES: value });
    expect(result.stderr).toContain("There is no infer-deploy.yml");
  },
);

test("a word that is neither yes nor no is refused", async () => {
  const result = await run(["up"], { INFER_DEPLOY_YES: "perhaps" });
  expect(result).toMatchObject({ exitCode: 64, stdout: "" });
  expect(result.stderr).toContain('INFER_DEPLOY_YES is "perhaps"');
});

test("-c and -e are --config and --environment, and their variables say the same", async () => {
  await writeFile(
    join(folder, "my.yml"),
    "name: api\nregion: eu-west-1\nenvironments: {staging: , production: }\n",
  );
  const typed = await run(["status", "-c", "my.yml", "-e", "stagin"]);
  expect(typed.exitCode).toBe(64);
  expect(typed.stderr).toContain("--environment  environment");
  expect(typed.stderr).toContain("staging");
  const env = { INFER_DEPLOY_CONFIG: "my.yml", INFER_DEPLOY_ENVIRONMENT: "stagin" };
  expect((await run(["status"], env)).stderr).toBe(
    typed.stderr.replace("--environment  environment", "INFER_DEPLOY_ENVIRONMENT  environment"),
  );
});

test("status of every environment is not that of one, and is looked at once", async () => {
  await writeFile(join(folder, "infer-deploy.yml"), "name: api\nregion: eu-west-1\n");
  for (const flags of [["--watch"], ["-e", "production"]]) {
    const { exitCode, stderr, stdout } = await run(["status", "--all", ...flags]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toMatch(/--all and --(watch|environment) do not go together\./);
  }
});

test("INFER_DEPLOY_DEBUG shows a stack trace as --debug does", async () => {
  expect((await run(["up"])).stderr).not.toContain("    at ");
  expect((await run(["up", "--debug"])).stderr).toContain("    at ");
  expect((await run(["up"], { INFER_DEPLOY_DEBUG: "1" })).stderr).toContain("    at ");
  const wrong = await run(["up"], { INFER_DEPLOY_DEBUG: "some" });
  expect(wrong.stderr).toContain('INFER_DEPLOY_DEBUG is "some"');
});

test("sandbox verbs take an empty INFER_DEPLOY_SANDBOX for none", async () => {
  vi.stubEnv("INFER_DEPLOY_SANDBOX", "");
  const result = await run(["sandbox", "status"], { XDG_STATE_HOME: folder });
  vi.unstubAllEnvs();
  expect(result.stderr).not.toContain("cannot be a sandbox's name");
  expect(result.stderr).not.toContain("--debug");
});

test("an unknown condition of the weather is refused before anything starts, with the list", async () => {
  const asked = await run(["sandbox", "weather", "slow-boot,hail=3"], { XDG_STATE_HOME: folder });
  expect(asked.exitCode).toBe(64);
  expect(asked.stderr).toContain('"hail"');
  expect(asked.stderr).toContain("slow-metrics");
  const flag = await run(["sandbox", "start", "--weather", "hail"], { XDG_STATE_HOME: folder });
  expect(flag.exitCode).toBe(64);
  expect(flag.stderr).toContain("--weather");
});

test("the weather of a sandbox that is not running names the command that starts it", async () => {
  const result = await run(["sandbox", "weather", "slow-boot"], { XDG_STATE_HOME: folder });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("infer-deploy sandbox start");
});

test("a verb without operands refuses a word", async () => {
  expect((await run(["sandbox", "stop", "now"])).exitCode).toBe(64);
});

test.each([
  ["a flag that commander repeats", ["status", "--no\u001b[2Jpe"]],
  ["a verb", ["sta\u009btus"]],
  ["a file's name", ["status", "--config", "\u001b]0;owned\u0007.yml"]],
  ["a value", ["status", "--environment", "a\rb\u001b[1A"]],
  ["a sandbox's name", ["sandbox", "status", "--name", "\u001b[8mx"]],
])("%s reaches the terminal without control characters", async (_, args) => {
  const { exitCode, stdout, stderr } = await run(args);
  expect(exitCode).toBe(64);
  expect(stderr).not.toBe("");
  expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{Cc}/u);
});

test("in GitHub Actions no word of the command line begins a line as a workflow command", async () => {
  const { stderr } = await run(["status", "--config", "x\n  ::stop-commands::x\n##[group]y"], {
    GITHUB_ACTIONS: "true",
  });
  expect(stderr).toContain("stop-commands");
  expect(stderr).not.toMatch(/^\s*::|##\[/m);
});

test("an error in a locale without UTF-8 begins with an ASCII mark", async () => {
  expect((await run(["status"], { LC_ALL: "C" })).stderr).toMatch(/^X There is no infer-deploy/);
  expect((await run(["status"], { LANG: "C.UTF-8" })).stderr).toMatch(/^✖ /);
});

test("an option may come before the sub-verb", async () => {
  const { stderr } = await run(["keys", "--environment", "one", "show"]);
  expect(stderr).toMatch(/^✖ There is no infer-deploy/);
});
