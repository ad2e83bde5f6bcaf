import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { baseImages } from "../../_helpers/attester.ts";
import { repository } from "../../_helpers/cli.ts";
import { leaveUnrun } from "../../_helpers/printed-runs.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import {
  pushAs,
  startSecondRegistry,
  type SecondRegistry,
} from "../../_helpers/second-registry.ts";

/** examples/image-ref, with a second, private registry in place of the example's. Nothing is built by infer-deploy. */
let project: Project;
let registry: SecondRegistry;
let example: Readonly<Record<string, unknown>>;
/** The digests of both versions in the second registry. */
const digests: Record<"v1" | "v2", string> = { v1: "", v2: "" };
/** Docker's configuration of a user who may read there. */
let ada = "";

beforeAll(async () => {
  project = await createProject("image-ref");
  Object.assign(project.env, { DOCKER_CONFIG: join(project.folder, "nobody") });
  const file = join(repository, "examples", "image-ref", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
  registry = await startSecondRegistry("pass");
  ada = join(project.folder, "ada");
  await mkdir(ada);
  const auth = Buffer.from("ada:pass").toString("base64");
  const config = { auths: { [registry.address]: { auth } } };
  await writeFile(join(ada, "config.json"), JSON.stringify(config));
  for (const version of ["v1", "v2"] as const) digests[version] = await pushVersion(version);
});

afterAll(async () => {
  await registry?.stop();
  await execa("docker", ["rmi", "--force", ...["v1", "v2"].map(local)], { reject: false });
  await project?.remove();
});

test("an image that is not there, or not for this user, is refused before anything is made", async () => {
  await configure(`${registry.address}/models/server:v1`);
  const denied = await project.run("up", "--yes");
  expect(denied.exitCode, denied.stderr).toBe(64);
  expect(denied.stderr).toMatch(/does not let this user read 127\.0\.0\.1:\d+\/models\/server:v1/);
  expect(denied.stderr).toMatch(/infer-deploy\.yml:\d+:\d+/);
  Object.assign(project.env, { DOCKER_CONFIG: ada });
  await configure(`${registry.address}/models/server:v9`);
  for (const verb of ["up", "plan"]) {
    const absent = await project.run(verb, "--yes");
    expect(absent.exitCode, absent.stderr).toBe(64);
    expect(absent.stderr).toMatch(/There is no image 127\.0\.0\.1:\d+\/models\/server:v9/);
  }
  await configure(`${registry.address}/models/server:v1`, { instances: { type: "t4g.small" } });
  const other = await project.run("up", "--yes");
  expect(other.exitCode, other.stderr).toBe(64);
  expect(other.stderr).toContain("is not for linux/arm64");
  const { stderr } = await project.run("status");
  expect(stderr).toContain("is not deployed");
  leaveUnrun("up --sandbox image-ref");
});

test("a build argument is refused with the key's line", async () => {
  await configure(`${registry.address}/models/server:v1`);
  const refused = await project.run("up", "--yes", "--build-arg", "A=b");
  expect(refused.exitCode, refused.stderr).toBe(64);
  expect(refused.stderr).toMatch(
    /--build-arg is for an image that is built.*\n.*infer-deploy\.yml:\d/,
  );
});

test("up copies the tag's image and serves it by the same digest; Docker's engine never has it", async () => {
  const planned = await project.run("plan");
  expect(planned.stdout).toContain(
    `+ the first release, a copy of ${registry.address}/models/server:v1 (${digests.v1.slice(0, 19)})`,
  );
  const made = await project.run("up", "--yes");
  expect(made.exitCode, made.stderr).toBe(0);
  expect(made.stderr).toMatch(/Copy \S+ to \S+: sha256:\S+; \d+(\.\d)? MB through this machine/);
  expect(await active()).toMatchObject({
    digest: digests.v1,
    version: `sha-${digests.v1.slice(7, 19)}`,
  });
  expect(await answer()).toBe("v1");
  const inEngine = await execa("docker", ["image", "ls", "--quiet", "--digests"]);
  expect(inEngine.stdout).not.toContain(digests.v1);
  const again = await project.run("up", "--yes");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stdout).not.toContain("have changed");
});

test("another tag is the next release, which sends only what the repository lacks", async () => {
  await configure(`${registry.address}/models/server:v2`);
  expect((await project.run("up", "--yes")).stdout).toContain("have changed");
  const forecast = await project.run("release", "--dry-run");
  expect(forecast.stdout).toContain(`copy ${registry.address}/models/server:v2`);
  const released = await project.run("release", "--version", "2.0");
  expect(released.exitCode, released.stderr).toBe(0);
  expect(released.stderr).toMatch(/sha256:\S+; \d+(\.\d)? k?B through this machine/);
  expect(await active()).toMatchObject({ digest: digests.v2, version: "2.0" });
  expect(await answer()).toBe("v2");
});

test("by its digest an earlier image serves again, and nothing is copied", async () => {
  await configure(`${registry.address}/models/server@${digests.v1}`);
  const released = await project.run("release");
  expect(released.exitCode, released.stderr).toBe(0);
  expect(released.stderr).toMatch(/– Copy \S+ to \S+: already in the registry/);
  expect(await answer()).toBe("v1");
});

test("of another repository of the account 0 bytes pass through this machine", async () => {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const auth = Buffer.from(`AWS:${state.registryPassword}`).toString("base64");
  const folder = join(project.folder, "aws");
  await mkdir(folder);
  await writeFile(
    join(folder, "config.json"),
    JSON.stringify({ auths: { [state.registry]: { auth } } }),
  );
  const image = await build("v3");
  await pushAs(`${state.registry}/models/server:v3`, image, { DOCKER_CONFIG: folder });
  // The name by which instances know the account's registry.
  await configure("123456789012.dkr.ecr.eu-central-1.amazonaws.com/models/server:v3");
  const done = await project.run("release");
  expect(done.exitCode, done.stderr).toBe(0);
  expect(done.stderr).toMatch(/ mounted, 0 B through this machine/);
  expect(await answer()).toBe("v3");
  await execa("docker", ["rmi", "--force", image]);
});

test("destroy leaves nothing behind", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
});

async function configure(ref: string, more: object = {}): Promise<void> {
  const { environments: _, ...base } = example;
  await project.configure({
    ...base,
    image: { ...(base["image"] as object), ref },
    instances: { min: 1, max: 2 },
    protection: false,
    release: { bake: "1s" },
    ...more,
  });
}

function local(version: string): string {
  return `infer-deploy-test/image-ref:${version}`;
}

/** The plain server, whose greeting is its version. */
async function build(version: string): Promise<string> {
  const { python = "" } = await baseImages();
  const context = join(project.folder, `app-${version}`);
  await mkdir(context);
  const server = join(repository, "examples", "python-http", "server.py");
  await writeFile(join(context, "server.py"), await readFile(server));
  const dockerfile = `FROM ${python}\nWORKDIR /app\nCOPY server.py ./\nENV GREETING=${version}\nUSER 65532:65532\nCMD ["python3", "server.py"]\n`;
  await writeFile(join(context, "Dockerfile"), dockerfile);
  await execa("docker", ["build", "--quiet", "--tag", local(version), context]);
  return local(version);
}

/** Resolves to the digest in the second registry. */
async function pushVersion(version: "v1" | "v2"): Promise<string> {
  await registry.push(`models/server:${version}`, await build(version), { DOCKER_CONFIG: ada });
  const answered = await fetch(`http://${registry.address}/v2/models/server/manifests/${version}`, {
    headers: {
      accept: "application/vnd.docker.distribution.manifest.v2+json",
      authorization: `Basic ${Buffer.from("ada:pass").toString("base64")}`,
    },
  });
  return answered.headers.get("docker-content-digest") ?? "";
}

interface Active {
  readonly version: string;
  readonly digest: string;
}

async function active(): Promise<Active> {
  const { stdout } = await project.run("status", "--json");
  return (JSON.parse(stdout) as { readonly active: Active }).active;
}

async function answer(): Promise<string> {
  const { url } = JSON.parse((await project.run("status", "--json")).stdout) as { url: string };
  return (await (await fetch(url)).text()).trim();
}
