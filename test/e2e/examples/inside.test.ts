import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogDocument } from "../../../src/views/logs.ts";
import type { ReleasesDocument } from "../../../src/views/releases.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { failedSamples, versionsOf } from "../../_helpers/load.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import {
  askLookApp,
  documents,
  messages,
  startRequests,
  type Identity,
} from "../../_helpers/look-app.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { CallCollector } from "../../_helpers/recorded-calls.ts";
import { startCli, type CliEnd } from "../../_helpers/running-cli.ts";
import { buildSessionPlugin } from "../../_helpers/session-plugin.ts";
import { leaveUnrun } from "../../_helpers/printed-runs.ts";
import { eventually } from "../../_helpers/sandbox-home.ts";

/** A fleet of two, looked into: its lines, its containers started again, and commands in them. CloudWatch shows its events late, as on AWS. */
const stack = { name: "inside", region: "eu-west-1" };
let project: Project;
let url = "";
/** Of the plugin, once it is there. */
let pluginFolder = "/nowhere";
let calls: CallCollector;

beforeAll(async () => {
  project = await createProject(stack.name);
  await project.configure({
    ...stack,
    protection: false,
    image: { context: contextFor(project, "test/look-app"), port: 8000 },
    health: { path: "/healthz", interval: "5s", timeout: "30s", drain: "5s" },
    version: { path: "/version", field: "version" },
    instances: { type: "t3.small", min: 2, max: 4 },
    release: { bake: "5s" },
  });
  const end = await run("up", "--yes", "--json", ...(await content("v1")));
  expect(end.exitCode, end.stderr).toBe(0);
  ({ url } = JSON.parse(end.stdout) as { url: string });
  await project.runSandbox("weather", "late-logs=6s");
  calls = new CallCollector(project);
  await calls.start();
});

afterAll(async () => project?.remove());

test("the container's lines come with their place, without our own health checks", async () => {
  await ask("/say?good-morning");
  const found = await eventually(
    async () => logs("--grep", "^good-morning"),
    (lines) => lines.length > 0,
  );
  const { active, instances } = await status();
  expect(found).toMatchObject([{ colour: "blue", version: "v1", message: "good-morning" }]);
  expect(instances.map(({ id }) => id)).toContain(found[0]?.instance);
  expect(active?.version).toBe("v1");
  const text = (await run("logs")).stdout;
  expect(text).toMatch(
    /^\d{4}-\S+Z i-\w+ blue v1 {2}\S+ - - \[.*\] "GET \/say\?good-morning HTTP\/1.1" 200 -$/m,
  );
  expect(text).not.toContain("GET /healthz");
  expect((await run("logs", "--checks")).stdout).toContain("GET /healthz");
});

test("one instance's lines, and the start of all of them", async () => {
  const { instances } = await status();
  const [first = "", second = ""] = instances.map(({ id }) => id);
  const lines = await logs("--instance", first.slice(0, 12), "--checks");
  expect(new Set(lines.map(({ instance }) => instance))).toEqual(new Set([first]));
  const boot = await logs("--boot", "--since", "1h");
  expect(new Set(boot.map(({ instance }) => instance))).toEqual(new Set([first, second]));
  expect(boot[0]).toMatchObject({ colour: "blue", version: null });
});

test("a version that never becomes healthy says why, on the screen and afterwards", async () => {
  const end = await run("release", ...(await content("sick")));
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toContain("the weights at /models are not there");
  expect(end.stderr).not.toContain("GET /healthz HTTP");
  const lines = await eventually(
    async () => logs("--version", "sick", "--colour", "green"),
    (found) => found.length > 0,
  );
  expect(lines.map(({ message }) => message)).toContain("the weights at /models are not there");
});

test("--follow prints each line once, and ends with Ctrl-C", async () => {
  await project.runSandbox("weather", "late-logs=6s,throttling=1");
  const following = start("logs", "--follow", "--json", "--grep", "^line-");
  const said: string[] = [];
  for (let number = 0; number < 60; number += 1) {
    said.push(`line-${number}`);
    await ask(`/say?line-${number}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
  await eventually(
    async () => messages(documents(following.output())).length,
    (count) => count >= said.length,
  );
  following.kill("SIGINT");
  const end = await following.ended;
  expect(end.exitCode, end.stderr).toBe(0);
  expect(messages(documents(end.stdout)).toSorted()).toEqual(said.toSorted());
  expect(messages(await logs("--grep", "^line-")).toSorted()).toEqual(said.toSorted());
  await project.runSandbox("weather", "late-logs=6s");
});

test("what no line can match is refused, and no line is no error", async () => {
  expect(await run("logs", "--colour", "red")).toMatchObject({ exitCode: 64 });
  const none = await run("logs", "--version", "v99");
  expect(none).toMatchObject({ exitCode: 0, stdout: "" });
  expect(none.stderr).toContain("infer-deploy logs --sandbox inside --boot");
});

test("restart starts every container again, and no request is lost", async () => {
  const before = await status();
  const { load, born } = startRequests(url);
  const end = await run("restart", "--message", "leaks memory", "--json");
  await ask("/version");
  const samples = await load.stop();
  expect(end.exitCode, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ kind: "restart", version: "v1", changed: true });
  expect(failedSamples(samples)).toEqual([]);
  expect(versionsOf(samples)).toEqual(["v1"]);
  // Two instances with two containers each.
  expect(born.size).toBe(4);
  const after = await status();
  expect(after).toMatchObject({ healthy: true, active: { version: "v1" } });
  expect(after.instances.map(({ id }) => id)).toEqual(before.instances.map(({ id }) => id));
  const { releases } = JSON.parse((await run("releases", "--json")).stdout) as ReleasesDocument;
  expect(releases[0]).toMatchObject({ kind: "restart", message: "leaks memory", version: "v1" });
});

test("the policy for releases allows each of these calls", async () => {
  await calls.stop();
  const { place, release } = await pagePolicies(project, stack);
  const { denied, unused } = await examinePolicies([release], calls.calls, place);
  expect(denied).toEqual([]);
  expect(unused).not.toContain("logs:FilterLogEvents");
});

test("without Session Manager's plugin, exec says where to get it", async () => {
  const end = await run("exec", "--", "ls");
  expect(end.exitCode, end.stderr).toBe(64);
  expect(end.stderr).toContain("session-manager-plugin is not installed");
  expect(end.stderr).toContain("https://docs.aws.amazon.com/systems-manager/");
  pluginFolder = await buildSessionPlugin(project.folder);
});

test("exec runs a command in the container; its output and its exit code are passed on", async () => {
  const script = 'echo "$INFER_DEPLOY_VERSION it\'s $0"; sleep 1; printf end >&2; exit 3';
  const end = await run("exec", "--", "sh", "-c", script, "a  b");
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stdout).toBe("v1 it's a  b\nend");
  const long = await run("exec", "--", "seq", "1", "20000");
  expect(long.stdout.trim().split("\n")).toHaveLength(20_000);
});

test("exec --host runs it on the instance that is named", async () => {
  const [first = ""] = (await status()).instances.map(({ id }) => id);
  const end = await run("exec", "--host", first, "--", "cat", "/run/infer-deploy/container.json");
  expect(end.exitCode, end.stderr).toBe(0);
  expect(end.stdout).toContain(`INFER_DEPLOY_INSTANCE=${first}`);
  expect(await run("exec", "i-f0f0f0", "--", "ls")).toMatchObject({ exitCode: 64 });
  expect(await run("exec")).toMatchObject({ exitCode: 64 });
});

test("run uses a new container with the version's environment, and leaves nothing", async () => {
  const script =
    "import os, sys; print(os.environ['INFER_DEPLOY_VERSION'], os.getpid() < 20); sys.exit(4)";
  const end = await run("run", "--", "python3", "-c", script);
  expect(end.exitCode, end.stderr).toBe(4);
  expect(end.stdout).toBe("v1 True\n");
  for (const { id } of (await status()).instances) {
    const left = await run(
      "exec",
      "--host",
      id,
      "--",
      "docker",
      "ps",
      "-a",
      "--format",
      "{{.Names}}",
    );
    expect(left.stdout).toBe("infer-deploy-app\n");
  }
  expect(await run("run")).toMatchObject({ exitCode: 64 });
});

test("Ctrl-C ends a command", async () => {
  const running = start("exec", "--", "sh", "-c", "echo begun; sleep 600");
  await eventually(
    async () => Promise.resolve(running.output()),
    (text) => text.includes("begun"),
  );
  running.kill("SIGINT");
  expect(await running.ended).toMatchObject({ exitCode: 130 });
  // Other commands than these examples have run.
  leaveUnrun("exec --sandbox inside -- ls /");
  leaveUnrun("run --sandbox inside -- python3 migrate.py");
});

function start(verb: string, ...args: readonly string[]) {
  return startCli([verb, "--sandbox", project.sandbox, ...args], {
    cwd: project.folder,
    env: { ...project.env, PATH: `${pluginFolder}:${project.env["PATH"]}` },
  });
}

async function run(verb: string, ...args: readonly string[]): Promise<CliEnd> {
  return start(verb, ...args).ended;
}

async function content(version: string): Promise<readonly string[]> {
  const breakage = version === "sick" ? "sick" : "none";
  return [
    ...["--version", version, ...(await project.buildArgs())],
    ...["--build-arg", `VERSION=${version}`, "--build-arg", `BREAK=${breakage}`],
  ];
}

async function status(): Promise<StatusDocument> {
  return JSON.parse((await run("status", "--json")).stdout) as StatusDocument;
}

async function logs(...args: readonly string[]): Promise<readonly LogDocument[]> {
  const end = await run("logs", "--json", ...args);
  expect(end.exitCode, end.stderr).toBe(0);
  return documents(end.stdout);
}

async function ask(path: string): Promise<Identity> {
  return askLookApp(url, path);
}
