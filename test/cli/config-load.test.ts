import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig, loadEnvironments, type LoadRequest } from "../../src/config/load.ts";
import { CommandError } from "../../src/errors/command-error.ts";

const smallest = "name: my-api\nregion: eu-central-1\n";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("the file of the folder is read, with its place", async () => {
  await write("infer-deploy.yml", smallest);
  await write("Dockerfile", "FROM scratch\n");
  expect(await load({ needsImage: true })).toMatchObject({
    config: { name: "my-api", environment: "production" },
    file: join(folder, "infer-deploy.yml"),
    root: folder,
  });
});

test("a build's secret whose file is missing has its line, next to a missing Dockerfile", async () => {
  const image = "image: { secrets: { token: 'env:TOKEN', pip: 'file:pip.conf' } }\n";
  await write("infer-deploy.yml", `${smallest}${image}`);
  const { detail } = await refusal({ needsImage: true });
  expect(detail).toEqual(
    [
      expect.stringMatching(
        /^infer-deploy\.yml:3:\d+ {2}image\.secrets\.pip: found "pip\.conf", where/,
      ),
      expect.stringMatching(/image\.dockerfile/),
    ].toReversed(),
  );
  await write("pip.conf", "");
  await write("Dockerfile", "FROM scratch\n");
  expect((await load({ needsImage: true })).config.image.secrets).toHaveLength(2);
});

test("an image that exists already needs no folder with a Dockerfile", async () => {
  await write("infer-deploy.yml", `${smallest}image: { ref: ghcr.io/acme/server:1.2 }\n`);
  expect((await load({ needsImage: true })).config.image.ref).toBe("ghcr.io/acme/server:1.2");
});

test("what is asked for comes before the file", async () => {
  await write("infer-deploy.yml", `${smallest}environments: {one: , two: , three: }\n`);
  const asked = { environment: typed("two"), region: typed("us-east-1") };
  const { config } = await load({ asked });
  expect(config).toMatchObject({ environment: "two", region: "us-east-1", name: "my-api" });
});

test("all environments are read in the file's order, each with its own region", async () => {
  await write(
    "infer-deploy.yml",
    `${smallest}environments: {paris: {region: eu-west-3}, dublin: {region: eu-west-1}, home: }\n`,
  );
  const all = async (asked = {}) =>
    (await loadEnvironments({ asked, cwd: folder, needsImage: false })).map(
      ({ config: { environment, region } }) => `${environment} ${region}`,
    );
  expect(await all()).toEqual(["paris eu-west-3", "dublin eu-west-1", "home eu-central-1"]);
  expect(await all({ region: typed("us-east-1") })).toContain("home us-east-1");
  await write("infer-deploy.yml", smallest);
  expect(await all()).toEqual(["production eu-central-1"]);
  await write("infer-deploy.yml", `${smallest}environments: {paris: {domian: x}}\n`);
  await expect(all()).rejects.toThrow("infer-deploy.yml has a problem");
});

test("a region must be named", async () => {
  await write("infer-deploy.yml", "name: my-api\n");
  const error = await refusal({});
  expect(error.detail[0]).toMatch(/^infer-deploy.yml:1:1 {2}region: found nothing, /);
});

test("a file anywhere may be asked for; its folder is the root", async () => {
  await write("services/api/my.yml", smallest);
  await write("services/api/app/Dockerfile", "FROM scratch\n");
  await write(
    "services/api/infer-deploy.yml",
    "name: other\nregion: eu-west-1\nimage: {context: app}\n",
  );
  const flagged = await load({ asked: { config: typed("services/api/my.yml") } });
  expect(flagged).toMatchObject({ config: { name: "my-api" }, root: join(folder, "services/api") });
  const config = typed(join(folder, "services/api/infer-deploy.yml"));
  expect(await load({ asked: { config }, needsImage: true })).toMatchObject({
    config: { name: "other" },
  });
});

test("no file: one sentence and how to begin; a file further up is not taken", async () => {
  await write("infer-deploy.yml", smallest);
  await mkdir(join(folder, "below"));
  const error = await refusal({ cwd: join(folder, "below") });
  expect(error.message).toBe(`There is no infer-deploy.yml in ${join(folder, "below")}.`);
  expect(error.detail).toEqual(["name: my-service", "region: eu-central-1"]);
  expect(error.next).toContain("--config FILE");
});

test("a missing file is reported with the flag or variable that names it", async () => {
  const byFlag = await refusal({ asked: { config: typed("gone.yml", "--config") } });
  expect(byFlag.message).toBe(`--config names ${join(folder, "gone.yml")}, which does not exist.`);
  const byVariable = await refusal({
    asked: { config: typed("no/such/file", "INFER_DEPLOY_CONFIG") },
  });
  expect(byVariable.message).toMatch(/^INFER_DEPLOY_CONFIG names /);
});

test("a folder, a device, a large file and a file that is not text are refused before they are read as YAML", async () => {
  await mkdir(join(folder, "infer-deploy.yml"));
  expect((await refusal({})).message).toBe("infer-deploy.yml is not a file.");
  await symlink("/dev/zero", join(folder, "zero.yml"));
  expect((await refusal({ asked: { config: typed("zero.yml") } })).message).toBe(
    "zero.yml is not a file.",
  );
  await write("large.yml", smallest + "#".repeat(256 * 1024));
  expect((await refusal({ asked: { config: typed("large.yml") } })).message).toMatch(
    /larger than 256 KB/,
  );
  await writeFile(join(folder, "binary.yml"), Buffer.from([0x6e, 0xff, 0xfe]));
  expect((await refusal({ asked: { config: typed("binary.yml") } })).message).toMatch(
    /not text in UTF-8/,
  );
});

test("a file of 256 KB is read, one byte more is not", async () => {
  await write("infer-deploy.yml", smallest.padEnd(256 * 1024, "#"));
  expect(await load({})).toMatchObject({ config: { name: "my-api" } });
  await write("infer-deploy.yml", smallest.padEnd(256 * 1024 + 1, "#"));
  expect((await refusal({})).message).toMatch(/larger than 256 KB/);
});

test("every problem is a line of the detail", async () => {
  await write("infer-deploy.yml", "name: my-api\nregin: eu-central-1\nimage:\n  port: 08080\n");
  const error = await refusal({
    asked: { environment: typed("staging", "--environment") },
    needsImage: true,
  });
  expect(error.message).toBe("infer-deploy.yml has 4 problems; nothing was changed.");
  expect(error.detail.map((line) => line.split(": ")[0])).toEqual([
    "--environment  environment",
    "infer-deploy.yml:1:1  region",
    "infer-deploy.yml:2:1  regin",
    "infer-deploy.yml:4:9  image.port",
  ]);
});

test("a folder or a file that is not there is told together with the rest", async () => {
  await write("infer-deploy.yml", `${smallest}image:\n  context: app\n  port: 99999\n`);
  expect(pathsOf(await refusal({ needsImage: true }))).toEqual(["image.context", "image.port"]);
  await write("app/other", "");
  expect(pathsOf(await refusal({ needsImage: true }))).toEqual(["image.dockerfile", "image.port"]);
  expect(pathsOf(await refusal({ needsImage: false }))).toEqual(["image.port"]);
});

test("a folder is not looked for where its name was refused, or the environment is not known", async () => {
  await write("infer-deploy.yml", `${smallest}image:\n  context: 7\n`);
  expect(pathsOf(await refusal({ needsImage: true }))).toEqual(["image.context"]);
  await write("infer-deploy.yml", `${smallest}image:\n  context: app\n`);
  const asked = { environment: typed("staging") };
  expect(pathsOf(await refusal({ needsImage: true, asked }))).toEqual(["environment"]);
});

test("a missing context or Dockerfile is reported at its key, unless no image is needed", async () => {
  await write("infer-deploy.yml", `${smallest}image:\n  context: app\n`);
  expect(await load({ needsImage: false })).toMatchObject({
    config: { image: { context: "app" } },
  });
  expect((await refusal({ needsImage: true })).detail).toEqual([
    'infer-deploy.yml:4:12  image.context: found "app", where there is no folder, allowed a folder, relative to this file',
  ]);
  await mkdir(join(folder, "app/Dockerfile"), { recursive: true });
  expect((await refusal({ needsImage: true })).detail).toEqual([
    'infer-deploy.yml:3:1  image.dockerfile: found "Dockerfile", where there is no file, allowed a file, relative to the context "app"',
  ]);
});

function pathsOf(error: CommandError): readonly (string | undefined)[] {
  return error.detail.map((line) => /^\S+ {2}([^:]+): /.exec(line)?.[1]);
}

async function write(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), text);
}

async function load(request: Partial<LoadRequest>) {
  return loadConfig({ asked: {}, cwd: folder, needsImage: false, ...request });
}

function typed(value: string, origin = "--flag") {
  return { value, origin };
}

async function refusal(request: Partial<LoadRequest>): Promise<CommandError> {
  const outcome: unknown = await load(request).catch((error: unknown) => error);
  if (!(outcome instanceof CommandError))
    throw new Error("It was not refused.", { cause: outcome });
  expect(outcome.exitCode).toBe(64);
  return outcome;
}
