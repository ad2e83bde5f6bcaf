import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createInterrupts } from "../../src/process/interrupts.ts";
import { startStateServer } from "../_helpers/state-server.ts";
import type { StateServer } from "../_helpers/state-server.ts";
import {
  copyModule,
  listMade,
  openFixture,
  readState,
  readStateFile,
  removeFolder,
} from "../_helpers/terraform.ts";
import { containing, matching } from "../_helpers/terraform-matchers.ts";

let folder: string;
let place: StateServer;

beforeEach(async () => {
  place = await startStateServer();
});

afterEach(async () => {
  await place.close();
  await removeFolder(folder);
});

const planFile = "test.tfplan";

async function openModule(name: string) {
  folder = await copyModule(name);
  await place.useIn(folder);
  const terraform = await openFixture(folder);
  await terraform.init();
  return terraform;
}

/**
 * An apply that holds the lock until `stop` is called. The local backend's lock names its holder, like S3's.
 */
async function holdLock() {
  folder = await copyModule("slow");
  const source = new EventEmitter();
  const holder = await openFixture(folder, { interrupts: createInterrupts(source) });
  await holder.init();
  await holder.plan({ planFile });
  const ended = holder.apply({ planFile }).catch((error: unknown) => error);
  await expect.poll(async () => (await listMade(folder)).length, { timeout: 10_000 }).toBe(2);
  return {
    stop: async () => {
      source.emit("SIGTERM", "SIGTERM");
      return ended;
    },
  };
}

async function planAgain(): Promise<unknown> {
  const other = await openFixture(folder);
  return other.plan({ planFile: "other.tfplan" }).catch((error: unknown) => error);
}

test("a lock says who has it since when, and whether that process is still there", async () => {
  const { stop } = await holdLock();
  const records = join(folder, ".terraform", "infer-deploy", "running");
  const lockInfo = join(folder, ".terraform.tfstate.lock.info");
  const lock = JSON.parse(await readFile(lockInfo, "utf8")) as { readonly ID: string };
  const release = "infer-deploy lock release removes its lock";

  const me = `${userInfo().username}@${hostname()}`;
  expect(await planAgain()).toMatchObject({
    exitCode: 5,
    message: matching(
      new RegExp(
        `^The stack's state is locked by ${me} since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$`,
      ),
    ),
    why: matching(
      /^apply, lock [\w-]+; (terraform|tofu) apply is still running here as process \d+$/,
    ),
    next: "Wait until it ends, then run the same command again.",
  });

  // As after the command line and its terraform were killed. No process has a number as high as this.
  const [record = ""] = await readdir(records);
  await rename(join(records, record), join(records, "4194305.json"));
  expect(await planAgain()).toMatchObject({
    why: containing(" apply ran here as process 4194305, which no longer exists"),
    next: containing(release),
  });

  await removeFolder(records);
  expect(await planAgain()).toMatchObject({
    why: containing("not from this folder"),
    next: containing(release),
  });

  await writeFile(lockInfo, JSON.stringify({ ...lock, Who: "ada@laptop" }));
  expect(await planAgain()).toMatchObject({
    message: containing("locked by ada@laptop since"),
    why: containing("on another machine or by another user"),
    next: containing(release),
    exitCode: 5,
  });

  expect(await stop()).toMatchObject({ name: "InterruptedError", exitCode: 143 });
  expect(existsSync(lockInfo)).toBe(false);
  expect(
    Object.values((await readStateFile(folder)).resources)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(await listMade(folder));
});

test("a killed terraform: what it created is reported, at once and by the next run", async () => {
  const terraform = await openModule("slow");
  await terraform.plan({ planFile });
  const applying = terraform.apply({ planFile }).catch((error: unknown) => error);
  await expect.poll(async () => (await listMade(folder)).length, { timeout: 10_000 }).toBe(2);
  const [record = ""] = await readdir(join(folder, ".terraform", "infer-deploy", "running"));
  process.kill(Number.parseInt(record, 10), "SIGKILL");

  const detail = [
    "created in AWS, but not in the state (delete or terraform import):",
    matching(/^terraform_data\.first \([\w-]{36}\)$/),
    "terraform_data.second (was being created)",
  ];
  expect(await applying).toMatchObject({
    message: matching(/^(terraform|tofu) apply was killed by signal 9$/),
    detail,
  });
  expect(await planAgain()).toMatchObject({
    exitCode: 5,
    why: matching(/(terraform|tofu) apply ran here as process \d+, which no longer exists/),
    detail,
  });
});

test("a dead holder's lock can be removed", async () => {
  const terraform = await openModule("quick");
  place.lock = JSON.stringify({ ID: "lock-1", Who: "ada@laptop" });
  await expect(terraform.plan({ planFile })).rejects.toMatchObject({ exitCode: 5 });
  await terraform.forceUnlock("lock-1");
  expect(await terraform.plan({ planFile })).toMatchObject({ hasChanges: true });
});

test("a state that cannot be saved is kept, and saved first the next time", async () => {
  const terraform = await openModule("quick");
  await terraform.plan({ planFile });
  place.refusesToSave = true;
  await expect(terraform.apply({ planFile })).rejects.toMatchObject({
    message: "The state could not be saved to the bucket; it is in errored.tfstate",
    next: containing("saves errored.tfstate first"),
  });
  expect(place.state).toBe("");

  place.refusesToSave = false;
  expect(await terraform.recoverErroredState()).toMatch(
    /could not save its state \(serial \d+, 2 resources\)/,
  );
  expect(Object.keys(readState(place.state).resources)).toEqual([
    'terraform_data.this["a"]',
    'terraform_data.this["b"]',
  ]);
  expect((await readdir(folder)).filter((name) => name.startsWith("errored."))).toEqual([
    matching(/^errored\.\d+\.tfstate\.backup$/),
  ]);
  expect(await terraform.plan({ planFile })).toMatchObject({ hasChanges: false });
  expect(await terraform.recoverErroredState()).toBe(undefined);
});

test("a state that another run has overtaken is not pushed: what the other lacks is listed", async () => {
  const terraform = await openModule("quick");
  await terraform.plan({ planFile });
  place.refusesToSave = true;
  await terraform.apply({ planFile }).catch(() => {});
  place.refusesToSave = false;
  const errored = await readFile(join(folder, "errored.tfstate"), "utf8");

  // What a run that skips the recovery does: it makes everything a second time.
  await terraform.plan({ planFile });
  await terraform.apply({ planFile });
  const saved = place.state;
  await expect(terraform.recoverErroredState()).rejects.toMatchObject({
    message: "The state that an earlier run left behind belongs to another stack",
    exitCode: 1,
  });

  const { lineage } = JSON.parse(saved) as { readonly lineage: string };
  await writeFile(
    join(folder, "errored.tfstate"),
    JSON.stringify({ ...(JSON.parse(errored) as object), lineage }),
  );
  const lost = Object.entries(readState(errored).resources);
  const known = Object.entries(readState(saved).resources);
  await expect(terraform.recoverErroredState()).rejects.toMatchObject({
    message: "The state that an earlier run left behind and the saved one have diverged",
    detail: [
      ...lost.map(([address, { id }]) => `only in errored.tfstate: ${address} (${id})`),
      ...known.map(([address, { id }]) => `only in the saved state: ${address} (${id})`),
    ],
  });
  expect(place.state).toBe(saved);
  expect(existsSync(join(folder, "errored.tfstate"))).toBe(true);

  await writeFile(join(folder, "errored.tfstate"), saved);
  expect(await terraform.recoverErroredState()).toMatch(
    /The saved state already contains errored.tfstate/,
  );
  expect(place.state).toBe(saved);

  await writeFile(join(folder, "errored.tfstate"), saved.slice(0, 40));
  await expect(terraform.recoverErroredState()).rejects.toMatchObject({
    message: "The state that an earlier run could not save is damaged",
  });
});

test("keys that end in a first apply: nothing is saved, the lock stays, and the next run puts both right", async () => {
  const terraform = await openModule("slow");
  const source = new EventEmitter();
  const stopped = await openFixture(folder, { interrupts: createInterrupts(source) });
  await stopped.plan({ planFile });
  const applying = stopped.apply({ planFile }).catch((error: unknown) => error);
  await expect.poll(async () => (await listMade(folder)).length, { timeout: 10_000 }).toBe(2);
  const ended = (is: boolean) =>
    Object.assign(place, { refusesToRead: is, refusesToSave: is, refusesToUnlock: is });
  ended(true);
  source.emit("SIGTERM", "SIGTERM");
  expect(await applying).toMatchObject({ exitCode: 143 });
  // Terraform gives a state its lineage when it has seen that there is none.
  expect(JSON.parse(await readFile(join(folder, "errored.tfstate"), "utf8"))).toMatchObject({
    lineage: "",
  });
  ended(false);
  expect(place.lock).toContain(userInfo().username);
  expect(await terraform.recoverErroredState()).toContain("could not save its state");
  expect(place.lock).toBeUndefined();
  expect(Object.keys(readState(place.state).resources)).toContain("terraform_data.first");
});
