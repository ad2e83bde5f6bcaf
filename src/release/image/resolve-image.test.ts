import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeReferenced } from "../../../test/_helpers/fake-referenced.ts";
import { imageId } from "../../../test/_helpers/fake-registry.ts";
import { listener } from "../../../test/_helpers/listener.ts";
import { next } from "../../../test/_helpers/release-world.ts";
import { config, request, sessionWorld } from "../../../test/_helpers/session-world.ts";
import { existingImage, foreseenImage, resolveImage, type ImageRequest } from "./resolve-image.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "infer-deploy-image-"));
  await writeFile(join(root, "Dockerfile"), "FROM scratch\n");
});
afterAll(async () => rm(root, { recursive: true, force: true }));

function start() {
  const { session, registry, write } = sessionWorld({ root });
  const resolve = async (asked: Partial<ImageRequest>) => resolveImage(session, request(asked));
  return { session, registry, resolve, write };
}

test("sources are built and pushed; the same sources are pushed once", async () => {
  const { registry, resolve } = start();
  const first = await resolve({});
  expect(first).toMatchObject({ version: "v8", digest: registry.tags.get("v8") });
  registry.verbs.length = 0;
  expect(await resolve({})).toEqual(first);
  expect(registry.verbs).toEqual(["image", "buildx version", "buildx build", "image"]);
});

test("arguments of the command line are not part of the sources", async () => {
  const { resolve } = start();
  const first = await resolve({});
  expect(await resolve({ buildArgs: { MIRROR: "here" } })).toEqual(first);
});

test("without a name the version is made from the image's content", async () => {
  const { version } = await start().resolve({ version: undefined });
  expect(version).toBe(`sha-${imageId("sources of v8").slice(7, 19)}`);
});

test("a version in the registry with other content is refused, built or not", async () => {
  const { registry, resolve } = start();
  registry.has("other sources", "v8");
  const digest = registry.has("sources of v9");
  for (const asked of [{}, { build: false, fromImage: digest }]) {
    await expect(resolve(asked)).rejects.toMatchObject({
      message: expect.stringMatching(/^Version v8 is in the registry with other content/),
      next: expect.stringContaining("--version"),
    });
  }
});

test("an image that is there gets the version's tag; only looking for it changes nothing", async () => {
  const { session, registry, resolve } = start();
  const digest = registry.has("sources of v8", "nightly");
  const asked = { build: false, fromImage: digest };
  expect(await existingImage(session, request(asked))).toMatchObject({ digest, version: "v8" });
  expect(registry.tags.has("v8")).toBe(false);
  await resolve(asked);
  expect(registry.tags.get("v8")).toBe(digest);
});

test("a tag is a name for the version too", async () => {
  const { registry, resolve } = start();
  const digest = registry.has("sources of v8", "nightly");
  expect(await resolve({ build: false, version: undefined, fromImage: "nightly" })).toEqual({
    digest,
    version: "nightly",
    contextHash: "",
  });
});

test.each([
  ["an image that is not there", { version: "v9" }, 1, 'The registry has no image "v9".'],
  ["no name at all", { version: undefined }, 64, expect.stringContaining("--no-build")],
  [
    "a digest without a name",
    { version: undefined, fromImage: `sha256:${"a".repeat(64)}` },
    64,
    expect.stringContaining("--from-image"),
  ],
])("without a build: %s", async (_, asked, exitCode, message) => {
  const done = start().resolve({ build: false, ...asked });
  await expect(done).rejects.toMatchObject({ exitCode, message });
});

/** A release of v8 that was interrupted; since then a build of the same sources makes another image, as without a cache. */
async function interrupted() {
  const world = start();
  const image = await world.resolve({});
  const { digest, contextHash: context_hash } = image;
  world.write(next({ digest, context_hash, outcome: "cancelled" }));
  world.registry.sources = "sources of v8, at another time";
  world.registry.verbs.length = 0;
  return { ...world, image };
}

test("a version that was interrupted is released again from the registry, without a build, when the sources are the same", async () => {
  const { resolve, registry, image } = await interrupted();
  expect(await resolve({})).toEqual(image);
  expect(registry.verbs).toEqual([]);
});

test("other sources or arguments are built, and refused with the command for the registry's image", async () => {
  const { resolve, write, image } = await interrupted();
  const refused = {
    message: expect.stringContaining("in the registry with other content"),
    next: expect.stringContaining("infer-deploy release --no-build --version v8"),
  };
  await expect(resolve({ buildArgs: { MIRROR: "here" } })).rejects.toMatchObject(refused);
  write(next({ digest: image.digest, context_hash: "other", outcome: "cancelled" }));
  await expect(resolve({})).rejects.toMatchObject(refused);
});

/** A stack whose image is another registry's. */
function startReferenced() {
  const settings = config("image: { ref: ghcr.io/acme/server:1.2 }");
  const { session: built, registry } = sessionWorld({ root, config: settings });
  const referenced = new FakeReferenced(registry);
  return { session: { ...built, referenced }, registry, referenced };
}

test("an image that exists already is copied and named after its digest; Docker has no part in it", async () => {
  const { session, registry, referenced } = startReferenced();
  const resolved = await resolveImage(session, request({ version: undefined }));
  expect(resolved).toEqual({
    version: "sha-111111111111",
    digest: referenced.digest,
    contextHash: "1".repeat(64),
  });
  expect(registry.tags.get("sha-111111111111")).toBe(referenced.digest);
  expect(registry.verbs).toEqual([]);
  expect(await resolveImage(session, request({ version: undefined }))).toEqual(resolved);
  expect(referenced.copied).toEqual(["sha-111111111111"]);
});

test("a forecast knows its version and its digest, and copies nothing", async () => {
  const { session, registry, referenced } = startReferenced();
  expect(await foreseenImage(session, request())).toMatchObject({
    version: "v8",
    digest: referenced.digest,
  });
  expect(referenced.copied).toEqual([]);
  registry.has("sources of v8", "v8");
  await expect(foreseenImage(session, request())).rejects.toMatchObject({
    message: expect.stringMatching(/^Version v8 is in the registry with other content/),
  });
});

test("bytes that ECR could have shared are followed by the setting that does", async () => {
  const { session, referenced } = startReferenced();
  const reporter = listener();
  referenced.isOwn = true;
  await resolveImage({ ...session, reporter }, request());
  expect(reporter.events).toContainEqual({
    type: "note",
    text: expect.stringContaining("BLOB_MOUNTING --value ENABLED"),
  });
});

test("--from-image and --no-build take the stack's own image all the same", async () => {
  const { session, registry, referenced } = startReferenced();
  const digest = registry.has("sources of v8", "v8");
  expect(await resolveImage(session, request({ build: false }))).toMatchObject({ digest });
  expect(referenced.copied).toEqual([]);
});
