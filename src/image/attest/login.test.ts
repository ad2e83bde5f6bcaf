import { mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyWithLogin, hasProxies } from "./login.ts";

let root = "";
let users = "";
let folder = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "infer-deploy-login-"));
  [users, folder] = [join(root, "users"), join(root, "folder")];
  await mkdir(folder);
});
afterEach(async () => rm(root, { recursive: true, force: true }));

const credentials = {
  host: "registry.example",
  url: "https://registry.example",
  username: "AWS",
  password: "secret",
};
const auth = Buffer.from("AWS:secret").toString("base64");

async function copied(): Promise<unknown> {
  await copyWithLogin(users, folder, credentials);
  return JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
}

test("the user's logins, plugins and builders stay, and the password is in the copy alone", async () => {
  await mkdir(join(users, "buildx"), { recursive: true });
  const config = { auths: { "hub.example": {} }, credsStore: "desktop", currentContext: "mine" };
  await writeFile(join(users, "config.json"), JSON.stringify(config));
  expect(await copied()).toEqual({
    ...config,
    auths: { "hub.example": {}, "registry.example": { auth } },
    credHelpers: { "registry.example": "" },
  });
  expect(await readlink(join(folder, "buildx"))).toBe(join(users, "buildx"));
  expect((await stat(join(folder, "config.json"))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(users, "config.json"), "utf8")).not.toContain(auth);
});

test("a user without a configuration", async () => {
  expect(await copied()).toEqual({
    auths: { "registry.example": { auth } },
    credHelpers: { "registry.example": "" },
  });
  expect(await hasProxies(users)).toBe(false);
});

test("proxies of the configuration are arguments of every build", async () => {
  await mkdir(users);
  const proxies = { default: { httpProxy: "http://ada:secret@proxy" } };
  await writeFile(join(users, "config.json"), JSON.stringify({ proxies }));
  expect(await hasProxies(users)).toBe(true);
});
