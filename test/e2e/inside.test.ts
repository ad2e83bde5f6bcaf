import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogDocument } from "../../src/views/logs.ts";
import type { ReleasesDocument } from "../../src/views/releases.ts";
import type { StatusDocument } from "../../src/views/status/status.ts";
import { failedSamples, startLoad, versionsOf } from "../_helpers/load.ts";
import { pagePolicies } from "../_helpers/policy-page.ts";
import { examinePolicies } from "../_helpers/policy-simulation.ts";
import { contextFor, createProject, type Project } from "../_helpers/project.ts";
import { CallCollector } from "../_helpers/recorded-calls.ts";
import { startCli, type CliEnd } from "../_helpers/running-cli.ts";
import { eventually } from "../_helpers/sandbox-home.ts";

/** A fleet of two, looked into: its lines, and its containers started again. CloudWatch shows its events late, as on AWS. */
const stack = { name: "inside", region: "eu-west-1" };
let project: Project;
let url = "";
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
  const { load, born } = startRequests();
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

function start(verb: string, ...args: readonly string[]) {
  return startCli([verb, "--sandbox", project.sandbox, ...args], {
    cwd: project.folder,
    env: project.env,
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

function documents(text: string): readonly LogDocument[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogDocument);
}

function messages(lines: readonly LogDocument[]): readonly string[] {
  return lines.map(({ message }) => message);
}

interface Identity {
  readonly version: string;
  /** When the container started. */
  readonly born: number;
}

async function ask(path: string): Promise<Identity> {
  const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Identity;
}

/** Some of the requests take two seconds. */
function startRequests() {
  const born = new Set<number>();
  let count = 0;
  const load = startLoad(async () => {
    count += 1;
    const identity = await ask(count % 5 === 0 ? "/slow" : "/version");
    born.add(identity.born);
    return { status: 200, version: identity.version };
  }, 20);
  return { load, born };
}
