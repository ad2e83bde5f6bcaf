import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReleasesDocument } from "../../src/views/releases.ts";
import { deleteImageScript, removeHooks, writeHook } from "../_helpers/hooks.ts";
import { failedSamples, versionsOf } from "../_helpers/load.ts";
import { callsOfOthers } from "../_helpers/calls-of-others.ts";
import { pagePolicies } from "../_helpers/policy-page.ts";
import { examinePolicies } from "../_helpers/policy-simulation.ts";
import { leaveUnrun } from "../_helpers/printed-runs.ts";
import { runTerraform, workFolder } from "../_helpers/project-terraform.ts";
import { CallCollector } from "../_helpers/recorded-calls.ts";
import { createReleaseProject, type ReleaseProject } from "../_helpers/release-project.ts";
import { eventually } from "../_helpers/sandbox-home.ts";
import { isLocked, openStack } from "../_helpers/stack-inside.ts";
import { underLoad } from "../_helpers/under-load.ts";
import { startWatchedRelease } from "../_helpers/watched-release.ts";

/** One stack and all that releases do to it, under load where traffic moves. */
const stack = { name: "releases", region: "eu-west-1" };
let app: ReleaseProject;
const locked = async () => isLocked(app.project, stack);
/** Those of `release`, `rollback`, `releases` and `status`, without those of `up`. */
let releaseCalls: CallCollector;

beforeAll(async () => {
  // What a busy machine does to the slowest answer is none of this file's business.
  app = await createReleaseProject(stack.name, { alarms: { p99: "20s" } });
  releaseCalls = new CallCollector(app.project);
});

afterAll(async () => app.project.remove());

test("a release before up is refused with the command that helps", async () => {
  const end = await app.release("v1");
  expect(end.exitCode, end.stderr).toBe(1);
  expect(end.stderr).toContain("releases (production) is not deployed in eu-west-1.");
  expect(end.stderr).toContain("next:  infer-deploy up");
});

test("a release in another region than the stack's names the region", async () => {
  await app.up("v1");
  const end = await app.release("v2", { args: ["--region", "eu-central-1"] });
  expect(end.exitCode, end.stderr).toBe(1);
  expect(end.stderr).toContain("is not deployed in eu-central-1");
  expect(end.stderr).toContain("--region eu-west-1");
  await releaseCalls.start();
  leaveUnrun("up --sandbox releases --region eu-central-1");
});

test("--dry-run lists the steps and changes nothing", async () => {
  const { store } = await openStack(app.project, stack);
  const before = await store.list("");
  const end = await app.release("v2", { args: ["--dry-run", "--strategy", "canary"] });
  expect(end.exitCode, end.stderr).toBe(0);
  expect(end.stdout).toContain("start 2 instances of v2 on green");
  expect(end.stdout).toContain("give v2 10 % of the traffic, and watch it for 5.0 s");
  expect(await store.list("")).toEqual(before);
  expect(await app.status()).toMatchObject({ active: { version: "v1" }, release: { number: 1 } });
});

test("blue-green under load: every answer is good, and hooks learn what happens", async () => {
  const told = join(app.project.folder, "told");
  for (const hook of ["pre-build", "pre-release", "post-shift", "post-release"] as const) {
    const facts = "$INFER_DEPLOY_HOOK $INFER_DEPLOY_VERSION $INFER_DEPLOY_OUTCOME";
    await writeHook(app.project.folder, hook, `echo "${facts}" >> '${told}'`);
  }
  const end = await underLoad(app, ["v1", "v2"], async () => app.release("v2"));
  expect(end.exitCode, end.stderr).toBe(0);
  expect((await readFile(told, "utf8")).trim().split("\n")).toEqual([
    "pre-build v2 ",
    "pre-release v2 in-progress",
    "post-shift v2 in-progress",
    "post-release v2 succeeded",
  ]);
  await removeHooks(app.project.folder);
  expect(await app.status()).toMatchObject({ healthy: true, active: { version: "v2" } });
});

test("the serving version once more changes nothing", async () => {
  const end = await app.release("v2", { args: ["--json"] });
  expect(end.exitCode, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ version: "v2", release: 2, changed: false });
});

test("the same version with other content is refused by name", async () => {
  const end = await app.release("v2", { breakage: "slow" });
  expect(end.exitCode, end.stderr).toBe(1);
  expect(end.stderr).toMatch(/version v2 is in the registry with other content/i);
  const { stdout } = await app.project.runPrinted(end, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ version: "v2", changed: false });
});

test("after a release up and bare terraform change nothing", async () => {
  await releaseCalls.stop();
  await app.up("v2");
  const plan = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
  const folder = workFolder(app.project, stack);
  expect(await runTerraform(app.project, stack, folder, ...plan)).toMatchObject({ code: 0 });
  expect(await app.status()).toMatchObject({ active: { version: "v2" }, release: { number: 2 } });
  await releaseCalls.start();
});

test("rollback to an unknown version lists the good ones", async () => {
  const end = await app.run("rollback", "--to", "v9");
  expect(end.exitCode).toBe(64);
  expect(end.stderr).toContain('No good release has the version "v9".');
  expect(end.stderr).toContain("the good ones are v2, v1");
});

test("a rollback to the warm version is a separate release", async () => {
  const end = await underLoad(app, ["v2", "v1"], async () => app.run("rollback", "--json"));
  expect(end.exitCode, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ kind: "rollback", version: "v1", release: 3 });
  expect(end.stderr).not.toContain("Start 2 instances");
});

test("an image that is gone when it is pulled is named, and no user notices", async () => {
  await writeHook(app.project.folder, "pre-release", deleteImageScript);
  const end = await underLoad(app, ["v1"], async () => app.release("gone"));
  await removeHooks(app.project.folder);
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toContain("gone was rolled back: the registry does not have the image");
});

test("a version that crashes is rolled back with its last lines, and no user notices", async () => {
  const end = await underLoad(app, ["v1"], async () => app.release("bad", { breakage: "crash" }));
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toContain("bad was rolled back: the container crashes");
  expect(end.stderr).toContain("cannot load the model: /models/embeddings is not there");
  expect(await app.status()).toMatchObject({ active: { version: "v1", weight: 100 } });
});

test("a canary in the background", async () => {
  const end = await underLoad(app, ["v1", "v3"], async () => {
    const begun = await app.release("v3", { args: ["--strategy", "canary", "--detach"] });
    await eventually(app.status, ({ release }) => release?.outcome === "succeeded");
    return begun;
  });
  expect(end.exitCode, end.stderr).toBe(0);
  expect(end.stdout).toMatch(/Release \d+ \(v3\) continues in the background/);
  await access(/ {2}log {5}(\S+)/.exec(end.stdout)?.[1] ?? "");
  await eventually(locked, (isLockedStill) => !isLockedStill);
});

test("Ctrl-C while it is watched gives everything back", async () => {
  const end = await underLoad(app, ["v3", "v4"], async (load) => {
    const release = await startWatchedRelease(app, "v4", load);
    release.kill("SIGINT");
    return release.ended;
  });
  expect(end.exitCode, end.stderr).toBe(130);
  expect(end.stderr).toContain("v3 has all traffic, the lock is released");
  expect(await locked()).toBe(false);
  expect(await app.status()).toMatchObject({
    active: { version: "v3", weight: 100 },
    release: { version: "v4", outcome: "cancelled" },
    rollout: null,
  });
  await app.project.runPrinted(end, "--dry-run");
});

test("one release at a time; what a killed one leaves is reported, guarded and repaired", async () => {
  const end = await underLoad(app, ["v3", "v5"], async (load) => {
    const release = await startWatchedRelease(app, "v5", load);
    const second = await app.release("v6");
    expect(second.exitCode, second.stderr).toBe(5);
    expect(second.stderr).toMatch(/locked by \S+@\S+, `infer-deploy release --version v5`/);
    release.kill("SIGKILL");
    await release.ended;
    const { stdout } = await app.run("status");
    expect(stdout).toMatch(/release \d+ \(v5\) was interrupted at "bake"/);
    const refusals = [await app.run("release"), await app.run("rollback")] as const;
    for (const refused of refusals) {
      expect(refused.exitCode, refused.stderr).toBe(5);
      expect(refused.stderr).toContain("The stack is locked by a run that is dead");
      expect(refused.stderr).toContain(`process ${release.pid}`);
    }
    await app.project.runPrinted(refusals[0], "--yes");
    return app.run("rollback", "--yes");
  });
  expect(end.exitCode, end.stderr).toBe(0);
  expect(await locked()).toBe(false);
  expect(await app.status()).toMatchObject({
    healthy: true,
    active: { version: "v3", weight: 100 },
    release: { version: "v5", outcome: "cancelled" },
    rollout: null,
  });
});

test("rolling under load: every answer is good, on the same instances", async () => {
  const serving = async (): Promise<readonly string[]> => {
    const { active, instances } = await app.status();
    return instances.filter(({ colour }) => colour === active?.colour).map(({ id }) => id);
  };
  const before = await serving();
  const release = async () => app.release("v6", { args: ["--strategy", "rolling"] });
  const end = await underLoad(app, ["v3", "v6"], release);
  expect(end.exitCode, end.stderr).toBe(0);
  expect(await app.status()).toMatchObject({ healthy: true, active: { version: "v6" } });
  expect((await serving()).toSorted()).toEqual(before.toSorted());
});

test("a version that fails its first users is rolled back, and only that version has failed", async () => {
  const load = app.load(20);
  const end = await app.release("worse", { breakage: "errors", args: ["--bake", "10m"] });
  const samples = await load.stop();
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toMatch(
    /worse was rolled back: (the alarm \S+ went off|\d+ of the last \d+ probes failed)/,
  );
  expect(versionsOf(samples)).toEqual(["v6"]);
  expect(new Set(failedSamples(samples).map(({ status }) => status))).toEqual(new Set([500]));
  const back = app.load(20);
  await app.status();
  expect(failedSamples(await back.stop())).toEqual([]);
  expect(await app.status()).toMatchObject({ active: { version: "v6", weight: 100 } });
});

test("the history has them all, newest first", async () => {
  const end = await app.run("releases", "--json");
  const { releases } = JSON.parse(end.stdout) as ReleasesDocument;
  expect(releases.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
    "worse rolled-back",
    "v6 succeeded",
    "v5 cancelled",
    "v4 cancelled",
    "v3 succeeded",
    "bad rolled-back",
    "gone rolled-back",
    "v1 succeeded",
    "v2 rolled-back",
    "v1 succeeded",
  ]);
});

test("the policy of docs/reference/iam.md for releases allows each of these calls, and nothing else", async () => {
  await releaseCalls.stop();
  const { place, release } = await pagePolicies(app.project, stack);
  const found = await examinePolicies([release], releaseCalls.calls, place);
  expect(found.denied).toEqual([]);
  expect(found.unused.toSorted()).toEqual(callsOfOthers);
});

test("destroy leaves nothing", async () => {
  const end = await app.run("destroy", "--yes", "--json");
  expect(end.exitCode, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ left: 0 });
});
