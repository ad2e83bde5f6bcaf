import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command, Run } from "../../process/programs/run.ts";
import { readDockerLogin } from "./docker-login.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "infer-deploy-config-"));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const auth = (user: string) => ({ auth: Buffer.from(user).toString("base64") });

/** Credential helpers, by name, with what each keeps for a server. */
function helpers(kept: Readonly<Record<string, Readonly<Record<string, object>>>>) {
  const commands: Command[] = [];
  const run: Run = async (command) => {
    commands.push(command);
    const store = kept[command.file.replace("docker-credential-", "")];
    if (store === undefined) throw new Error(`${command.file} is not installed`);
    const found = store[command.input ?? ""];
    return found === undefined
      ? { exitCode: 1, stdout: "credentials not found in native keychain\n", stderr: "" }
      : { exitCode: 0, stdout: JSON.stringify(found), stderr: "" };
  };
  return { run, commands };
}

async function read(config: object | string, host: string, run: Run = helpers({}).run) {
  const text = typeof config === "string" ? config : JSON.stringify(config);
  await writeFile(join(folder, "config.json"), text);
  return readDockerLogin(run, folder, host);
}

test.each([
  ["a host", { auths: { "ghcr.io": auth("ada:a:b") } }, "ghcr.io"],
  ["an old entry, a URL", { auths: { "https://ghcr.io/v1/": auth("ada:a:b") } }, "ghcr.io"],
  ["Docker Hub", { auths: { "https://index.docker.io/v1/": auth("ada:a:b") } }, "docker.io"],
  ["a port", { auths: { "127.0.0.1:5000": auth("ada:a:b") } }, "127.0.0.1:5000"],
])("the file has the login of %s", async (_, config, host) => {
  expect(await read(config, host)).toEqual({ username: "ada", password: "a:b" });
});

test("the registry's own helper comes before the one for all, and that before the file", async () => {
  const { run, commands } = helpers({
    ecr: { "ghcr.io": { Username: "own", Secret: "1" } },
    desktop: { "https://index.docker.io/v1/": { Username: "<token>", Secret: "t" } },
  });
  const config = {
    credHelpers: { "ghcr.io": "ecr" },
    credsStore: "desktop",
    auths: { "quay.io": auth("file:2"), "ghcr.io": {} },
  };
  expect(await read(config, "ghcr.io", run)).toEqual({ username: "own", password: "1" });
  expect(await read(config, "docker.io", run)).toEqual({ identityToken: "t" });
  expect(await read(config, "quay.io", run)).toEqual({ username: "file", password: "2" });
  expect(commands[0]).toMatchObject({ args: ["get"], input: "ghcr.io", writes: false });
});

test("a helper that is not installed is named, with what to do", async () => {
  await expect(read({ credsStore: "gone" }, "ghcr.io")).rejects.toMatchObject({
    exitCode: 64,
    message: expect.stringContaining("docker-credential-gone"),
    next: expect.stringContaining("docker login ghcr.io"),
  });
});

test.each([
  ["no entry", { auths: { "quay.io": auth("a:b") } }],
  ["an empty entry", { auths: { "ghcr.io": {} } }],
  ["a file without JSON", "{"],
])("%s: no login", async (_, config) => {
  expect(await read(config, "ghcr.io")).toBeUndefined();
});
