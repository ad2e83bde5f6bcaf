import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogDocument } from "../../../src/views/logs.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { documents, startRequests } from "../../_helpers/look-app.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { startCli, type CliEnd } from "../../_helpers/running-cli.ts";
import { eventually } from "../../_helpers/sandbox-home.ts";
import { openStack } from "../../_helpers/stack-inside.ts";
import { underLoad } from "../../_helpers/under-load.ts";

/** A fleet of two, whose releases run a command before they start. Each run of it leaves one line in the logs. */
const stack = { name: "release-before", region: "eu-west-1" };
let project: Project;
let url = "";
const app = { load: () => startRequests(url).load };

/** What the command does depends on the version alone. */
const script = `
echo "migrates for $INFER_DEPLOY_VERSION with $TABLE"
case "$INFER_DEPLOY_VERSION" in
  bad*) echo "the table users is not there" >&2; exit 3 ;;
  slow) sleep 25 ;;
  stuck) sleep 600 ;;
esac
`;

beforeAll(async () => {
  project = await createProject(stack.name);
  await configure({ command: ["sh", "-c", script], timeout: "5m" });
});

afterAll(async () => project?.remove());

test("a command that cannot be right is refused with its line, before anything is made", async () => {
  for (const [before, words] of [
    [{ command: [] }, "a list of 1 to 100 words"],
    [{ command: ["true"], timeout: "7h" }, "a duration from 1s to 6h"],
    [{ timeout: "1m" }, "a command, such as command: [python, migrate.py]"],
    [
      { command: ["true"], timeout: "40m" },
      "a timeout longer than release.bake and release.before",
    ],
  ] as const) {
    await configure(before);
    const end = await run("plan");
    expect(end.exitCode, end.stderr).toBe(64);
    expect(end.stderr).toContain(words);
    expect(end.stderr).toMatch(/infer-deploy\.yml:\d+:\d+/);
  }
  await configure({ command: ["sh", "-c", script], timeout: "5m" });
});

test("the first release runs it once, with the release's environment, although two instances start", async () => {
  const end = await run("up", "--yes", "--json", ...(await content("v1")));
  expect(end.exitCode, end.stderr).toBe(0);
  ({ url } = JSON.parse(end.stdout) as { url: string });
  expect(end.stderr).toMatch(/Run release\.before of v1.*succeeded in .* on i-/);
  const [line, ...more] = await runsFor("v1");
  expect(more).toEqual([]);
  const { instances, release } = await status();
  expect(instances.length).toBe(2);
  expect(release?.before).toMatchObject({
    state: "succeeded",
    exit_code: 0,
    instance: line?.instance,
  });
  expect((await run("status")).stdout).toMatch(/before {4}release\.before succeeded in .* on i-/);
});

test("a release runs it before the probe, and no user notices", async () => {
  const end = await underLoad(app, ["v1", "v2"], async () => releaseOf("v2"));
  expect(end.exitCode, end.stderr).toBe(0);
  expect(await runsFor("v2")).toMatchObject([{ colour: "green", message: told("v2") }]);
  const lines = end.stderr.split("\n");
  const [ran, probed] = [/✔ Run release\.before of v2/, /Probe v2/].map((pattern) =>
    lines.findIndex((line) => pattern.test(line)),
  );
  expect(ran).toBeGreaterThan(-1);
  expect(probed).toBeGreaterThan(ran ?? 0);
});

test("a command that fails ends the release with its last lines, and the old version serves on", async () => {
  const end = await underLoad(app, ["v2"], async () => releaseOf("bad"));
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toContain("bad was rolled back: release.before exited with code 3 after");
  expect(end.stderr).toContain("the table users is not there");
  expect(end.stderr).not.toContain("Probe bad");
  expect(await status()).toMatchObject({
    active: { version: "v2", weight: 100 },
    release: { outcome: "rolled-back", before: { state: "failed", exit_code: 3 } },
  });
  expect(await runsFor("bad")).toHaveLength(1);
});

test("an instance that dies in the middle of it is followed by another one", async () => {
  const releasing = start("release", ...(await content("slow")));
  const before = await running();
  expect(before.release?.before).toMatchObject({ state: "running" });
  const dies = before.release?.before?.instance ?? "";
  const { aws } = await openStack(project, stack);
  await (await aws.ec2()).send(new TerminateInstancesCommand({ InstanceIds: [dies] }));
  const end = await releasing.ended;
  expect(end.exitCode, end.stderr).toBe(0);
  const runs = await runsFor("slow");
  expect(runs).toHaveLength(2);
  expect(new Set(runs.map(({ instance }) => instance)).size).toBe(2);
  // The second one begins after the first instance has gone.
  expect((await status()).release?.before?.instance).not.toBe(dies);
});

test("a killed run's command does not run on, and the next release runs its own once", async () => {
  const end = await underLoad(app, ["slow", "v3"], async () => {
    const killed = start("release", ...(await content("stuck")));
    await running();
    killed.kill("SIGKILL");
    await killed.ended;
    expect((await status()).rollout).toMatchObject({ step: "await-before" });
    // With --yes it takes the dead run's lock over.
    return releaseOf("v3", "--strategy", "canary", "--yes");
  });
  expect(end.exitCode, end.stderr).toBe(0);
  expect(await runsFor("stuck")).toHaveLength(1);
  expect(await runsFor("v3")).toHaveLength(1);
  expect(await status()).toMatchObject({ active: { version: "v3" } });
});

test("rolling runs it on the first instance that has left the traffic", async () => {
  const end = await underLoad(app, ["v3", "v4"], async () =>
    releaseOf("v4", "--strategy", "rolling"),
  );
  expect(end.exitCode, end.stderr).toBe(0);
  expect(await runsFor("v4")).toHaveLength(1);
  const failed = await underLoad(app, ["v4"], async () =>
    releaseOf("bad-2", "--strategy", "rolling"),
  );
  expect(failed.exitCode, failed.stderr).toBe(3);
  expect(failed.stderr).toContain("the table users is not there");
});

test("a rollback and a restart do not run it", async () => {
  const counts = async () => [await runsFor("v3"), await runsFor("v4")].map(({ length }) => length);
  const former = await counts();
  for (const verb of ["restart", "rollback"]) {
    const end = await run(verb, "--yes");
    expect(end.exitCode, end.stderr).toBe(0);
  }
  expect(await status()).toMatchObject({ active: { version: "v3" }, release: { before: null } });
  expect(await counts()).toEqual(former);
});

async function configure(before: Readonly<Record<string, unknown>>): Promise<void> {
  await project.configure({
    ...stack,
    protection: false,
    image: { context: contextFor(project, "test/look-app"), port: 8000 },
    health: { path: "/healthz", interval: "5s", timeout: "60s", drain: "5s" },
    version: { path: "/version", field: "version" },
    instances: { type: "t3.small", min: 2, max: 4 },
    env: { TABLE: "users" },
    // What a busy machine does to the slowest answer is none of this file's business.
    alarms: { p99: "20s" },
    release: { bake: "5s", canary: { weight: 10, bake: "3s" }, before },
  });
}

/** The status once the command runs. */
async function running(): Promise<StatusDocument> {
  return eventually(status, (seen) => seen.instances.some(({ state }) => state === "before"));
}

async function releaseOf(version: string, ...args: readonly string[]): Promise<CliEnd> {
  return run("release", ...(await content(version)), ...args);
}

/** The lines that the command has written for a version. They reach the log a few seconds later. */
async function runsFor(version: string): Promise<readonly LogDocument[]> {
  return eventually(
    async () => {
      const end = await run("logs", "--json", "--since", "1h", "--grep", `^${told(version)}$`);
      expect(end.exitCode, end.stderr).toBe(0);
      return documents(end.stdout);
    },
    (lines) => lines.length > 0,
  );
}

function told(version: string): string {
  return `migrates for ${version} with users`;
}

async function status(): Promise<StatusDocument> {
  return JSON.parse((await run("status", "--json")).stdout) as StatusDocument;
}

async function content(version: string): Promise<readonly string[]> {
  const values = await project.buildArgs();
  return ["--version", version, ...values, "--build-arg", `VERSION=${version}`];
}

async function run(verb: string, ...args: readonly string[]): Promise<CliEnd> {
  return start(verb, ...args).ended;
}

function start(verb: string, ...args: readonly string[]) {
  return startCli([verb, "--sandbox", project.sandbox, ...args], {
    cwd: project.folder,
    env: project.env,
  });
}
