import { expect, test } from "vitest";
import { fail, releaseOf } from "../../test/_helpers/model-values.ts";
import type { StoredFile } from "../aws/s3/model-objects.ts";
import { settle } from "../config/schema/settle.ts";
import type { Settings } from "../config/schema/config.ts";
import { changeText } from "./files.ts";
import { createModel } from "./model.ts";

const hash = "b".repeat(64);

/** A bucket with versions: `put` adds one, and every version stays until it is removed. */
class Bucket {
  readonly versions: StoredFile[] = [];
  region = "eu-central-1";
  status: number | undefined;

  put(key: string, etag: string, more: Partial<StoredFile> = {}): void {
    this.versions.push({ key, size: 10, etag, version: etag, isArchived: false, ...more });
  }

  readonly objects = {
    region: async () => {
      this.refuse();
      return Promise.resolve(this.region);
    },
    list: async (_bucket: string, prefix: string) =>
      Promise.resolve(
        [...new Set(this.versions.map(({ key }) => key))].filter((key) => key.startsWith(prefix)),
      ),
    head: async (_bucket: string, key: string, version?: string) => {
      const found = this.versions.findLast(
        (one) => one.key === key && (version === undefined || one.version === version),
      );
      if (found === undefined) this.status = 404;
      this.refuse();
      return Promise.resolve(found ?? this.versions[0] ?? fail());
    },
  };

  private refuse(): void {
    if (this.status !== undefined) {
      const httpStatusCode = this.status;
      throw Object.assign(new Error("refused"), { $metadata: { httpStatusCode } });
    }
  }
}

test("the files below a prefix, with their versions, and nothing next to it", async () => {
  const bucket = new Bucket();
  bucket.put("m/v1/a.json", "1", { sha256: hash });
  bucket.put("m/v1/", "0");
  bucket.put("m/v1/sub/b.bin", "2");
  bucket.put("m/v10/c.bin", "3");
  const model = await modelOf(bucket, { source: "s3://models/m/v1" }).find();
  expect(model).toMatchObject({ source: "s3://models/m/v1", path: "/model", bucket: "models" });
  expect(model?.files).toEqual([
    { name: "a.json", from: "m/v1/a.json", size: 10, etag: "1", version: "1", sha256: hash },
    { name: "sub/b.bin", from: "m/v1/sub/b.bin", size: 10, etag: "2", version: "2" },
  ]);
});

test("one object is a folder with one file", async () => {
  const bucket = new Bucket();
  bucket.put("m/llama.gguf", "1");
  bucket.put("m/llama.gguf/old", "1");
  const model = await modelOf(bucket, {
    source: "s3://models/m/llama.gguf",
    sha256: hash.toUpperCase(),
  }).find();
  expect(model?.files.map(({ name, sha256 }) => [name, sha256])).toEqual([["llama.gguf", hash]]);
});

test.each([
  ["nothing there", () => undefined, {}, "There is nothing at s3://models/m."],
  ["another region", (one: Bucket) => void (one.region = "us-east-1"), {}, "is in us-east-1"],
  ["no bucket", (one: Bucket) => void (one.status = 404), {}, "There is no bucket models."],
  ["denied", (one: Bucket) => void (one.status = 403), {}, "S3 does not let this user read"],
  ["archived", (one: Bucket) => one.put("m/a", "1", { isArchived: true }), {}, "in an archive"],
  ["a name with ..", (one: Bucket) => one.put("m/../a", "1"), {}, "cannot be a file's path"],
  [
    "too large",
    (one: Bucket) => one.put("m/a", "1", { size: 50 * 2 ** 30 }),
    {},
    "has 50.0 GB, and instances.disk is 30 GB",
  ],
  [
    "another hash",
    (one: Bucket) => one.put("m/a", "1", { sha256: hash }),
    { sha256: "c".repeat(64) },
    "has another SHA-256",
  ],
  [
    "a hash of no file",
    (one: Bucket) => one.put("m/a", "1"),
    { sha256: { b: hash } },
    "has no file b",
  ],
])("%s is refused with the line", async (_, prepare, keys, words) => {
  const bucket = new Bucket();
  prepare(bucket);
  const found = modelOf(bucket, { source: "s3://models/m", ...keys }).find();
  await expect(found).rejects.toMatchObject({
    message: expect.stringContaining(words) as unknown,
    where: expect.stringContaining("file: model.") as unknown,
    exitCode: 64,
  });
});

test("a release's own versions are asked for, and what is gone or changed is named", async () => {
  const bucket = new Bucket();
  bucket.put("m/a", "1");
  const model = modelOf(bucket, { source: "s3://models/m" });
  const had = (await model.find()) ?? fail();
  bucket.put("m/a", "2");
  const now = (await model.find()) ?? fail();
  await expect(model.requireOf(releaseOf(had))).resolves.toBeUndefined();
  expect(changeText(had, now)).toMatch(
    /s3:\/\/models\/m has changed under its name: .*; a changed/,
  );
  expect(changeText(had, had)).toBeUndefined();
  bucket.versions.shift();
  await expect(model.requireOf(releaseOf(had))).rejects.toMatchObject({
    message: "The weights of v1 are not there any more.",
    why: expect.stringContaining("a is gone") as unknown,
  });
});

test("without a model nothing is asked", async () => {
  const model = modelOf(new Bucket(), undefined);
  expect(await model.find()).toBeNull();
  const { container } = releaseOf({ source: "", path: "", revision: "", files: [] });
  const { model: _, ...rest } = container;
  await model.requireOf({ version: "v1", container: rest });
});

function modelOf(bucket: Bucket, keys: Settings["model"] | undefined) {
  const settings: Settings = keys === undefined ? {} : { model: keys };
  const config = settle("app", "production", "eu-central-1", settings);
  const { signal } = new AbortController();
  const token = async () => Promise.resolve(undefined);
  return createModel(
    { objects: bucket.objects, fetch: fail, signal, token },
    config,
    (path) => `file: ${path.join(".")}`,
  );
}
