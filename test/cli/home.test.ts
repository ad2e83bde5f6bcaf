import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cliPath } from "../_helpers/cli.ts";
import { fullDisk } from "../_helpers/full-disk.ts";

/** Homes in which the program cannot keep its state: what it is, and the variable that moves it; never a folder in the project. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "home-"));
  await chmod(folder, 0o755);
  await mkdir(join(folder, "project"));
  await writeFile(join(folder, "project/infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  await writeFile(join(folder, "project/Dockerfile"), "FROM scratch\n");
});

afterEach(async () => rm(folder, { recursive: true }));

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)(
  "what sudo has made is refused with the command that returns it to the user",
  async () => {
    await mkdir(join(folder, "home/.local/state/infer-deploy"), { recursive: true });
    await chmod(join(folder, "home/.local/state/infer-deploy"), 0o700);
    const result = plan({ HOME: join(folder, "home") });
    expect(result.stderr).toContain(
      `infer-deploy cannot keep its state in ${join(folder, "home/.local/state/infer-deploy")}.`,
    );
    expect(result.stderr).toContain("sudo chown -R $USER");
    expect(result.status).toBe(64);
  },
);

test.skipIf(!isRoot).each([
  ["the root folder", "/"],
  ["a folder of root's", "/root"],
  ["not there", "/nonexistent"],
])("a home that is %s is refused with the variable that moves it", async (_, home) => {
  const result = plan({ HOME: home });
  expect(result.stderr).toContain("infer-deploy cannot keep its state in ");
  expect(result.stderr).toContain("set XDG_STATE_HOME");
  expect(result.status).toBe(64);
});

test("an empty or relative home leaves no folder in the project", async () => {
  for (const HOME of ["", ".", "home"]) plan({ HOME });
  expect(await readdir(join(folder, "project"))).toEqual(["Dockerfile", "infer-deploy.yml"]);
});

test("a disk that is almost full is refused with what it has", async () => {
  // Where this user may write.
  const home = join(folder, "project", "home");
  await mkdir(home);
  await chmod(home, 0o777);
  const result = plan({ HOME: home, NODE_OPTIONS: fullDisk });
  expect(result.stderr).toMatch(/^✖ The disk of .* has 15 MiB free, and Terraform needs 1024\.\n/);
  expect(result.stderr).toContain("XDG_STATE_HOME");
  expect(result.status).toBe(64);
});

/** As a user who may write in few places. */
function plan(env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, [cliPath, "plan"], {
    cwd: join(folder, "project"),
    env: { PATH: process.env["PATH"], AWS_EC2_METADATA_DISABLED: "true", ...env },
    encoding: "utf8",
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
}

const nobody = 65534;
