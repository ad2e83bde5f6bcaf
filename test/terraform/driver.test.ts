import { EventEmitter } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createInterrupts } from "../../src/process/interrupts.ts";
import type { TerraformEvent } from "../../src/terraform/events/terraform-events.ts";
import type { Terraform } from "../../src/terraform/run/terraform.ts";
import { copyModule, openFixture, readStateFile, removeFolder } from "../_helpers/terraform.ts";
import { containing, matching } from "../_helpers/terraform-matchers.ts";

let folder: string;
let events: TerraformEvent[];
let terraform: Terraform;

beforeEach(async () => {
  folder = await copyModule("quick");
  events = [];
  terraform = await openFixture(folder, { onEvent: (event) => events.push(event) });
  await terraform.init();
});

afterEach(async () => {
  await removeFolder(folder);
});

const planFile = "test.tfplan";

async function setVariables(variables: object): Promise<void> {
  await writeFile(join(folder, "terraform.tfvars.json"), JSON.stringify(variables));
}

test("from nothing to everything, again, and back to nothing", async () => {
  const plan = await terraform.plan({ planFile });
  expect(plan).toMatchObject({
    hasChanges: true,
    summary: { add: 2, change: 0, remove: 0 },
    drift: [],
  });
  expect(plan.changes.toSorted((a, b) => (a.address < b.address ? -1 : 1))).toEqual([
    { address: 'terraform_data.this["a"]', resourceType: "terraform_data", action: "create" },
    { address: 'terraform_data.this["b"]', resourceType: "terraform_data", action: "create" },
  ]);

  const applied = await terraform.apply({ planFile });
  expect(applied).toEqual({
    summary: { add: 2, change: 0, remove: 0 },
    outputs: { greeting: "hello" },
  });
  expect(await terraform.output()).toEqual({ greeting: "hello", secret: "hidden" });

  expect(await terraform.plan({ planFile })).toEqual({
    hasChanges: false,
    changes: [],
    drift: [],
    outputs: {},
    summary: { add: 0, change: 0, remove: 0 },
  });

  expect(await terraform.destroy({ planFile })).toMatchObject({
    summary: { add: 0, change: 0, remove: 2 },
  });
  expect((await readStateFile(folder)).resources).toEqual({});
  expect(await terraform.output()).toEqual({});
});

test("a change of one resource, and of nothing but an output", async () => {
  await terraform.plan({ planFile });
  await terraform.apply({ planFile });

  await setVariables({ names: ["a", "b", "c"] });
  const oneMore = await terraform.plan({ planFile, refresh: false });
  expect(oneMore.changes.map(({ address }) => address)).toEqual(['terraform_data.this["c"]']);

  await setVariables({ greeting: "good morning" });
  expect(await terraform.plan({ planFile })).toMatchObject({
    hasChanges: true,
    changes: [],
    outputs: { greeting: { sensitive: false, action: "update" } },
  });
});

test("every resource is reported from its start to its end, the plan only once", async () => {
  await terraform.plan({ planFile });
  events.length = 0;
  await terraform.apply({ planFile });
  const told = events.flatMap((event) =>
    "address" in event ? [`${event.type} ${event.address}`] : [],
  );
  for (const address of ['terraform_data.this["a"]', 'terraform_data.this["b"]']) {
    expect(told).toContain(`apply_start ${address}`);
    expect(told.indexOf(`apply_complete ${address}`)).toBeGreaterThan(
      told.indexOf(`apply_start ${address}`),
    );
  }
  expect(events.map(({ type }) => type)).not.toContain("planned_change");
});

test("the saved plan can be read whole", async () => {
  await terraform.plan({ planFile });
  expect(await terraform.showPlanJson(planFile)).toMatchObject({
    variables: { greeting: { value: "hello" } },
  });
});

test("the user's own variables, arguments and missing CLI configuration do not interfere", async () => {
  const env = {
    ...process.env,
    TF_VAR_greeting: "changed",
    TF_CLI_ARGS: "-no-such-option",
    TF_CLI_CONFIG_FILE: join(folder, "missing.tfrc"),
  };
  const other = await openFixture(folder, { env, onEvent: (event) => events.push(event) });
  events.length = 0;
  await other.plan({ planFile });
  expect((await other.apply({ planFile })).outputs).toEqual({ greeting: "hello" });
  expect(events.filter((event) => event.type === "log" && event.level === "text")).toEqual([]);
});

test("init is done once, and again when what it depends on has changed", async () => {
  expect(await terraform.init()).toBe("unchanged");
  await setVariables({ greeting: "hi" });
  expect(await terraform.init()).toBe("unchanged");
  await writeFile(join(folder, "more.tf"), 'module "child" {\n  source = "./child"\n}\n');
  await mkdir(join(folder, "child"));
  await writeFile(join(folder, "child", "main.tf"), "");
  expect(await terraform.init()).toBe("initialised");
  expect(await terraform.init()).toBe("unchanged");
  await removeFolder(join(folder, ".terraform", "modules"));
  expect(await terraform.init()).toBe("initialised");
  await removeFolder(join(folder, ".terraform"));
  expect(await terraform.init()).toBe("initialised");
  expect(await terraform.init({ upgrade: true })).toBe("initialised");
});

test("a mistake in the configuration has its file and line", async () => {
  await writeFile(
    join(folder, "wrong.tf"),
    'resource "terraform_data" "wrong" {\n  inputs = 1\n}\n',
  );
  const expected = {
    message: matching(/^(terraform|tofu) validate: Unsupported argument$/),
    where: "(wrong.tf:2)",
    exitCode: 1,
  };
  await expect(terraform.validate()).rejects.toMatchObject(expected);
  await expect(terraform.plan({ planFile })).rejects.toMatchObject({
    ...expected,
    message: matching(/^(terraform|tofu) plan: Unsupported argument$/),
  });
  await writeFile(join(folder, "wrong.tf"), "");
  await terraform.validate();
});

test("a resource that fails is named, what succeeded is kept", async () => {
  await setVariables({ names: ["a"] });
  await terraform.plan({ planFile });
  await terraform.apply({ planFile });
  await setVariables({ names: ["a", "b"], command: "echo disk full; exit 3" });
  await terraform.plan({ planFile });
  const error: unknown = await terraform.apply({ planFile }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: matching(/^(terraform|tofu) apply: local-exec provisioner error$/),
    exitCode: 1,
  });
  expect(error).toMatchObject({
    where: matching(/^terraform_data\.this\["b"\] \(main\.tf:\d+\)$/),
  });
  expect(error).toMatchObject({ why: containing("disk full") });
  const { resources } = await readStateFile(folder);
  expect(resources['terraform_data.this["a"]']?.tainted).toBe(false);
  expect(resources['terraform_data.this["b"]']?.tainted).toBe(true);
});

test("a plan that is no longer true is refused with what to do", async () => {
  await terraform.plan({ planFile: "old.tfplan" });
  await terraform.plan({ planFile });
  await terraform.apply({ planFile });
  await expect(terraform.apply({ planFile: "old.tfplan" })).rejects.toMatchObject({
    message: "The state changed after this plan was made",
  });
});

test("silence is broken by a heartbeat with what is in flight", async () => {
  await setVariables({ names: ["a"], command: "sleep 1.5" });
  const patient = await openFixture(folder, {
    onEvent: (event) => events.push(event),
    pace: { silence: 300, stopping: 300, settled: 300 },
  });
  await patient.plan({ planFile });
  await patient.apply({ planFile });
  const beat = events.findLast((event) => event.type === "heartbeat");
  expect(beat).toMatchObject({
    stopping: false,
    inFlight: [{ address: 'terraform_data.this["a"]', action: "create" }],
  });
});

test("after an interrupt nothing new is started", async () => {
  const source = new EventEmitter();
  const stopped = await openFixture(folder, { interrupts: createInterrupts(source) });
  source.emit("SIGTERM", "SIGTERM");
  await expect(stopped.plan({ planFile })).rejects.toMatchObject({
    name: "InterruptedError",
    exitCode: 143,
  });
  await expect(stopped.output()).rejects.toMatchObject({ exitCode: 143 });
});
