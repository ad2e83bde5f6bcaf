import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  infrastructureWorld,
  removeFolders,
  type InfrastructureOptions,
} from "../../test/_helpers/infrastructure-world.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { CommandError } from "../errors/command-error.ts";
import type { BackgroundBuild } from "../image/background-build.ts";
import { readStackRecord, type AppliedFacts } from "../state/stack-record.ts";
import { resolveDesired } from "./desired.ts";
import { provision } from "./provision.ts";
import { isApplied } from "./workspace.ts";

afterEach(removeFolders);

async function start(options: InfrastructureOptions = {}) {
  const world = await infrastructureWorld(options);
  const desired = await resolveDesired(world.sources, undefined, { refreshAmi: false });
  const run = async (build?: BackgroundBuild, applied?: AppliedFacts) =>
    provision(world.deps, { desired, applied, build });
  return { ...world, desired, provision: run };
}

const failedBuild = (after: number): BackgroundBuild => {
  let asked = 0;
  return {
    image: async () => Promise.reject(new Error("not asked for")),
    throwIfFailed: () => {
      asked += 1;
      if (asked > after) throw new CommandError("The Dockerfile does not build.");
    },
    stop: async () => undefined,
  };
};

test("plan, apply, and a record that the other verbs find everything with", async () => {
  const world = await start();
  const record = await world.provision();
  expect(world.terraform.steps).toEqual(["init", "plan", "apply"]);
  expect(record).toMatchObject({
    name: "app",
    environment: "production",
    region: "eu-west-1",
    account: "123456789012",
    applied_hash: world.desired.hash,
    state_serial: 1,
    ami_id: "ami-newest-amd64",
    ami_architecture: "amd64",
    internal: false,
    allow: ["0.0.0.0/0"],
    applied_at: world.clock.now().toISOString(),
    outputs: stackRecord().outputs,
  });
  expect(await readStackRecord(world.deps.store)).toEqual(record);
  expect(await isApplied(world.deps.state, world.desired, record)).toBe(true);
});

test("the files are in the folder before Terraform looks at it, and a copy of the record after it", async () => {
  const { desired, provision: run } = await start();
  await run();
  const main = await readFile(join(desired.folder, "main.tf"), "utf8");
  expect(main).toBe(desired.files.get("main.tf"));
  expect(existsSync(join(desired.folder, "stack.json"))).toBe(true);
});

test("where nothing is to change, nothing is asked or applied, and the record is written again", async () => {
  const world = await start({ answer: false });
  world.terraform.exists = world.terraform.wanted;
  world.terraform.variables = world.desired.files.get("terraform.tfvars.json") ?? "";
  world.bucket.write("terraform.tfstate", JSON.stringify({ serial: 7 }));
  expect(await world.provision()).toMatchObject({ state_serial: 7 });
  expect(world.terraform.steps).toEqual(["init", "plan"]);
});

test("the plan is shown, and the answer no applies nothing", async () => {
  const world = await start({ answer: false });
  await expect(world.provision()).rejects.toMatchObject({
    exitCode: 1,
    message: "Nothing was applied.",
    next: expect.stringContaining("--yes"),
  });
  expect(world.reporter.events).toContainEqual({ type: "note", text: "+ aws_vpc.this" });
  expect(world.terraform.exists).toEqual([]);
  expect(await readStackRecord(world.deps.store)).toBeUndefined();
});

test("a plan that undoes a change by hand says so before the question", async () => {
  const world = await start();
  await world.provision();
  world.terraform.drifted = ["aws_lb.this"];
  world.terraform.steps.length = 0;
  await world.provision();
  expect(world.terraform.steps).toEqual(["init", "plan", "show", "apply"]);
  expect(world.reporter.events).toContainEqual({
    type: "note",
    text: "~ aws_lb.this (was changed outside infer-deploy, and is changed back)",
  });
});

test("the answer yes applies", async () => {
  const world = await start({ answer: true });
  await world.provision();
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
});

test.each([
  ["before the question", 0],
  ["while it is asked", 1],
])("a build that has failed %s applies nothing", async (_, after) => {
  const world = await start();
  await expect(world.provision(failedBuild(after))).rejects.toThrow("does not build");
  expect(world.terraform.steps).toEqual(["init", "plan"]);
});

test("a Ctrl-C before the apply applies nothing", async () => {
  const world = await start();
  world.press();
  await expect(world.provision()).rejects.toMatchObject({ exitCode: 130 });
  expect(world.terraform.steps).not.toContain("apply");
});

test("an address without TLS is a warning, with a domain it is none", async () => {
  const plain = await start();
  await plain.provision();
  expect(plain.reporter.warnings()).toContainEqual(expect.stringContaining("plain HTTP"));
  const domain = config(
    "domain: api.example.com\nzone: example.com\ninstances: { type: c7i.large }",
  );
  const secure = await start({ config: domain });
  await secure.provision();
  expect(secure.reporter.warnings()).toEqual([]);
});

test("another processor than the last one's is a warning", async () => {
  const world = await start();
  const applied = { ...stackRecord(), ami_architecture: "arm64" as const };
  await world.provision(undefined, applied);
  expect(world.reporter.warnings()).toContainEqual(
    expect.stringContaining("ami-1 (arm64) -> ami-newest-amd64 (amd64)"),
  );
});

test("a state that an earlier run could not save is saved before the plan, and reported", async () => {
  const world = await start();
  world.terraform.unsaved = "saved the state of the last run";
  await world.provision();
  expect(world.reporter.warnings()[0]).toBe("saved the state of the last run");
});

test("an apply that fails writes no record, and its step is closed as failed", async () => {
  const world = await start();
  world.terraform.failures.set("apply", new CommandError("The apply failed."));
  await expect(world.provision()).rejects.toThrow("The apply failed.");
  expect(await readStackRecord(world.deps.store)).toBeUndefined();
  expect(world.reporter.steps()).toEqual(["+ plan", "- plan done", "+ apply", "- apply failed"]);
});

test("the steps say how much changes, and how far they are", async () => {
  const world = await start();
  await world.provision();
  expect(world.reporter.events).toContainEqual({
    type: "step-finished",
    step: "plan",
    outcome: "done",
    detail: "2 to add, 0 to change, 0 to destroy",
  });
  expect(world.reporter.events).toContainEqual({
    type: "step-progress",
    step: "apply",
    detail: "2 of 2",
  });
});

test("what was applied is the same until files, state or an unsaved state say otherwise", async () => {
  const { deps, desired, bucket, provision: run } = await start();
  expect(await isApplied(deps.state, desired, undefined)).toBe(false);
  const record = await run();
  expect(await isApplied(deps.state, { ...desired, hash: "other" }, record)).toBe(false);
  bucket.write("terraform.tfstate", JSON.stringify({ serial: 2 }));
  expect(await isApplied(deps.state, desired, record)).toBe(false);
  bucket.write("terraform.tfstate", JSON.stringify({ serial: 1 }));
  expect(await isApplied(deps.state, desired, record)).toBe(true);
  await writeFile(join(desired.folder, "errored.tfstate"), "{}");
  expect(await isApplied(deps.state, desired, record)).toBe(false);
});
