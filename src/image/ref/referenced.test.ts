import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { digestOf, FakeDistribution } from "../../../test/_helpers/fake-distribution.ts";
import { FakeRegistry } from "../../../test/_helpers/fake-registry.ts";
import { copiedText } from "./copy-image.ts";
import type { ReferencedImage } from "./referenced-image.ts";
import { createReferenced } from "./referenced.ts";

const repository = "infer-deploy/app/production";
const where = "infer-deploy.yml:4:8";
const layers = ["the first layer", "the second"];

let dockerFolder = "";
let hub: FakeDistribution;
let stack: FakeDistribution;
let ecr: FakeRegistry;
beforeAll(async () => {
  dockerFolder = await mkdtemp(join(tmpdir(), "infer-deploy-docker-"));
});
afterAll(async () => rm(dockerFolder, { recursive: true, force: true }));
beforeEach(async () => {
  await login({});
  hub = new FakeDistribution("https://ghcr.io");
  stack = new FakeDistribution("https://registry.example");
  stack.auth = "basic";
  ecr = new FakeRegistry();
});

async function login(config: object): Promise<void> {
  await writeFile(join(dockerFolder, "config.json"), JSON.stringify(config));
}

function open(ref: string, platform = "linux/amd64") {
  const slept: number[] = [];
  const referenced = createReferenced(
    {
      fetch: (async (input: URL, init?: RequestInit) =>
        (input.origin === stack.url ? stack : hub).fetch(input, init)) as typeof fetch,
      signal: new AbortController().signal,
      ecr: ecr.ecr,
      run: async () => ({ exitCode: 1, stdout: "", stderr: "" }),
      dockerFolder,
      account: "123456789012",
      region: "eu-west-1",
      sleep: async (milliseconds) => void slept.push(milliseconds),
    },
    { ref, platform, where },
  );
  const copy = async (image: ReferencedImage, version = "v1") =>
    referenced.copy({ image, repository, version, progress: () => undefined });
  return { ...referenced, copy, slept };
}

test("an image is copied as it is, and what is there already is not sent again", async () => {
  const digest = hub.hasImage("acme/server", "1.2", layers);
  const first = open("ghcr.io/acme/server:1.2");
  const image = await first.find();
  expect(image.digest).toBe(digest);
  const bytes = image.blobs.reduce((sum, { size }) => sum + size, 0);
  expect(await first.copy(image)).toEqual({ passed: bytes, mounted: 0, present: 0 });
  expect(stack.repository(repository).tags.get("v1")).toBe(digest);
  for (const layer of layers) {
    expect(stack.repository(repository).blobs.has(digestOf(layer))).toBe(true);
  }

  hub.hasImage("acme/server", "1.3", [...layers, "a third"]);
  const next = open("ghcr.io/acme/server:1.3");
  const other = await next.find();
  const copied = await next.copy(other, "v2");
  expect(copied).toMatchObject({ passed: "a third".length, present: bytes });
  expect(copiedText(other, copied)).toContain("; 7 B through this machine");
});

test("of an index only the instances' image is copied", async () => {
  const amd = hub.hasImage("acme/server", "amd", ["amd"]);
  const arm = hub.hasImage("acme/server", "arm", ["arm"], { architecture: "arm64", variant: "v8" });
  const index = hub.hasIndex("acme/server", "1.2", {
    "linux/amd64": amd,
    "linux/arm64/v8": arm,
    "unknown/unknown": digestOf("attestation"),
  });
  expect((await open(`ghcr.io/acme/server@${index}`).find()).digest).toBe(amd);
  const one = open("ghcr.io/acme/server:1.2", "linux/arm64");
  const image = await one.find();
  expect(image.digest).toBe(arm);
  await one.copy(image);
  expect([...stack.repository(repository).manifests.keys()]).toEqual([arm]);
});

test("of the account's own registry a part is mounted, and 0 bytes pass", async () => {
  const digest = stack.hasImage("models/server", "1", layers);
  stack.mounts = true;
  const own = open("123456789012.dkr.ecr.eu-west-1.amazonaws.com/models/server:1");
  const image = await own.find();
  const copied = await own.copy(image);
  expect(copied).toMatchObject({ passed: 0, present: 0 });
  expect(copiedText(image, copied)).toMatch(/ mounted, 0 B through this machine$/);
  expect(stack.repository(repository).tags.get("v1")).toBe(digest);
});

test("a registry that does not mount gets the bytes, and one of others is never asked to", async () => {
  stack.hasImage("models/server", "1", layers);
  const own = open("123456789012.dkr.ecr.eu-west-1.amazonaws.com/models/server:1");
  expect(await own.copy(await own.find())).toMatchObject({ mounted: 0, present: 0 });
  hub.hasImage("acme/server", "1.2", layers);
  stack.requests.length = 0;
  const other = open("ghcr.io/acme/server:1.2");
  await other.copy(await other.find(), "v2");
  expect(stack.requests.join("\n")).not.toContain("mount=");
});

test.each([
  ["a token for the login in Docker's configuration", "bearer"],
  ["a password", "basic"],
] as const)("a private image: %s", async (_, auth) => {
  Object.assign(hub, { auth, user: "ada:pass" });
  hub.hasImage("acme/server", "1.2", layers);
  const one = open("ghcr.io/acme/server:1.2");
  await expect(one.find()).rejects.toMatchObject({
    exitCode: 64,
    where,
    message: "ghcr.io does not let this user read ghcr.io/acme/server:1.2.",
    why: expect.stringContaining("has no login"),
    next: expect.stringContaining("docker login ghcr.io"),
  });
  await login({ auths: { "ghcr.io": { auth: Buffer.from("ada:wrong").toString("base64") } } });
  await expect(open("ghcr.io/acme/server:1.2").find()).rejects.toMatchObject({
    why: expect.stringContaining("may not"),
  });
  await login({ auths: { "ghcr.io": { auth: Buffer.from("ada:pass").toString("base64") } } });
  const allowed = open("ghcr.io/acme/server:1.2");
  expect(await allowed.copy(await allowed.find())).toMatchObject({ mounted: 0 });
});

test.each([
  ["a tag that is not there", "ghcr.io/acme/server:9", "There is no image ghcr.io/acme/server:9."],
  [
    "another processor",
    "ghcr.io/acme/server:arm",
    "ghcr.io/acme/server:arm is not for linux/amd64.",
  ],
  [
    "an index without it",
    "ghcr.io/acme/server:index",
    "ghcr.io/acme/server:index is not for linux/amd64.",
  ],
  ["a chart", "ghcr.io/acme/server:chart", "ghcr.io/acme/server:chart is no image of a container."],
])("%s is refused with the line of the file", async (_, ref, message) => {
  const arm = hub.hasImage("acme/server", "arm", ["x"], { architecture: "arm64" });
  hub.hasIndex("acme/server", "index", { "linux/arm64": arm, "windows/amd64": digestOf("w") });
  const type = "application/vnd.cncf.helm.config.v1+json";
  const config = { mediaType: type, digest: digestOf(""), size: 0 };
  hub.has("acme/server", "chart", "application/vnd.oci.image.manifest.v1+json", { config });
  await expect(open(ref).find()).rejects.toMatchObject({ exitCode: 64, where, message });
});

test("a registry that cannot be reached is named", async () => {
  await expect(open("registry.nowhere.example/app:1").find()).rejects.toMatchObject({
    message: "The registry registry.nowhere.example does not answer.",
    where,
    why: expect.stringContaining("ENOTFOUND"),
  });
});

test("a transfer that breaks is tried again, and fails after the third time", async () => {
  hub.hasImage("acme/server", "1.2", layers);
  stack.brokenUploads = 2;
  const one = open("ghcr.io/acme/server:1.2");
  expect(await one.copy(await one.find())).toMatchObject({ present: 0 });
  expect(one.slept).toHaveLength(2);
  stack.repositories.clear();
  stack.brokenUploads = 100;
  await expect(one.copy(await one.find())).rejects.toMatchObject({
    message: expect.stringContaining("could not be copied"),
    why: expect.stringContaining("ECONNRESET"),
    next: expect.stringContaining("run the same command again"),
  });
  expect(stack.repository(repository).tags.size).toBe(0);
});

test("a version that has the image is left alone, and one with other content is refused", async () => {
  const digest = hub.hasImage("acme/server", "1.2", layers);
  const one = open("ghcr.io/acme/server:1.2");
  const image = await one.find();
  ecr.images.set(digest, "sha256:config");
  ecr.tags.set("v1", digest);
  expect(await one.copy(image)).toBeUndefined();
  expect(await one.copy(image, "v2")).toBeUndefined();
  expect(ecr.tags.get("v2")).toBe(digest);
  ecr.tags.set("v3", ecr.has("other"));
  await expect(one.copy(image, "v3")).rejects.toMatchObject({
    message: expect.stringMatching(/^Version v3 is in the registry with other content/),
  });
  expect(stack.requests).toEqual([]);
});
