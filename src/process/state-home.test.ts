import { chmod, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStateHome, stateHome } from "./state-home.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "state-home-"));
});
afterEach(() => rm(home, { recursive: true }));

const ofTheUser = join(userInfo().homedir, ".local", "state", "infer-deploy");

test.each([
  [
    "XDG_STATE_HOME",
    { XDG_STATE_HOME: "/var/state", HOME: "/home/ada" },
    "/var/state/infer-deploy",
  ],
  ["HOME", { HOME: "/home/ada" }, "/home/ada/.local/state/infer-deploy"],
  [
    "a relative XDG_STATE_HOME",
    { XDG_STATE_HOME: "state", HOME: "/home/ada" },
    "/home/ada/.local/state/infer-deploy",
  ],
  ["an empty HOME", { HOME: "", XDG_STATE_HOME: "" }, ofTheUser],
  ["a relative HOME", { HOME: "." }, ofTheUser],
  ["no HOME", {}, ofTheUser],
])("%s", (_, env, folder) => {
  expect(stateHome(env)).toBe(folder);
});

test("a new state home is for this user alone", async () => {
  await openStateHome({ XDG_STATE_HOME: join(home, "state") });
  expect(await modeOf(join(home, "state", "infer-deploy"))).toBe(0o700);
});

test("one that others could read is closed", async () => {
  const folder = join(home, "infer-deploy");
  await mkdir(folder);
  await chmod(folder, 0o755);
  await openStateHome({ XDG_STATE_HOME: home });
  expect(await modeOf(folder)).toBe(0o700);
});

test("a place that cannot be written to is named, with the variable that moves it", async () => {
  await symlink("/dev/null", join(home, "state"));
  for (const env of [
    { HOME: "/dev/null" },
    { HOME: "/proc/nobody" },
    { XDG_STATE_HOME: join(home, "state") },
  ]) {
    await expect(openStateHome(env)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringContaining(stateHome(env)),
      next: expect.stringContaining("XDG_STATE_HOME"),
    });
  }
});

async function modeOf(folder: string): Promise<number> {
  return (await stat(folder)).mode & 0o777;
}
