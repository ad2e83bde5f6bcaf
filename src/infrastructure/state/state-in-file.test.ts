import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateFile, stateInFile } from "./state-in-file.ts";

let home: string;
beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), "project-")), ".infer-deploy");
});
afterEach(async () => rm(join(home, ".."), { recursive: true }));

const app = {
  account: "123456789012",
  name: "app",
  environment: "production",
  region: "eu-west-1",
};
function open(changes: Partial<typeof app> = {}) {
  const owner = { ...app, ...changes };
  return stateInFile(home, owner, { s3: "s3://b/k", local: stateFile(home, owner) });
}

test("the file is prepared for this user alone, and Git ignores its folder", async () => {
  const state = open();
  expect(state.name).toBe(join(home, "123456789012/eu-west-1/app/production/terraform.tfstate"));
  expect(state.init).toEqual({ backendConfig: { path: state.name } });
  await state.prepare();
  expect((await stat(state.name)).mode & 0o777).toBe(0o600);
  expect((await stat(home)).mode & 0o777).toBe(0o700);
  expect(await readFile(join(home, ".gitignore"), "utf8")).toBe("*\n");
});

test("its serial is Terraform's, and an empty file is no state", async () => {
  const state = open();
  expect(await state.serial()).toBeUndefined();
  await state.prepare();
  expect(await state.serial()).toBeUndefined();
  await writeFile(state.name, JSON.stringify({ version: 4, serial: 7 }));
  await state.prepare();
  expect(await state.serial()).toBe(7);
});

test.each(["{", "[]", "{}"])("a file with %s is not a state, and is named", async (text) => {
  const state = open();
  await state.prepare();
  await writeFile(state.name, text);
  await expect(state.serial()).rejects.toMatchObject({
    where: state.name,
    next: expect.stringContaining(`${state.name}.backup`),
  });
});

test("another region has another file, and the end of one keeps the other", async () => {
  const [here, there] = [open(), open({ region: "us-east-1" })];
  for (const one of [here, there]) {
    await one.prepare();
    await writeFile(one.name, JSON.stringify({ serial: 1 }));
  }
  await here.remove();
  expect(await here.serial()).toBeUndefined();
  expect(await there.serial()).toBe(1);
});
