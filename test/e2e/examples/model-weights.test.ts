import { randomBytes } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readRelease } from "../../../src/state/release-history.ts";
import { repository } from "../../_helpers/cli.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket, type StackBucket } from "../../_helpers/stack-bucket.ts";

/** examples/weights, with its weights in the region's S3. */
const region = "eu-central-1";
let project: Project;
let example: Readonly<Record<string, unknown>>;
let bucket: StackBucket;
let s3: S3Client;

beforeAll(async () => {
  project = await createProject("model-weights");
  const folder = join(repository, "examples", "weights");
  await cp(folder, project.folder, { recursive: true });
  example = parse(await readFile(join(folder, "infer-deploy.yml"), "utf8")) as typeof example;
  const started = await project.runSandbox("start");
  expect(started.exitCode, started.stderr).toBe(0);
  bucket = await openStackBucket(project, { name: "weights", region });
  s3 = await bucket.aws.s3();
});

afterAll(async () => {
  await project?.remove();
});

test("a model that is not there, or does not fit, is refused before anything is made", async () => {
  await configure();
  const absent = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(absent.exitCode, absent.stderr).toBe(64);
  expect(absent.stderr).toMatch(/There is no bucket example-models.*\n.*infer-deploy\.yml:\d+:\d+/);
  await s3.send(
    new CreateBucketCommand({
      Bucket: "example-models",
      CreateBucketConfiguration: { LocationConstraint: region },
    }),
  );
  const empty = await project.run("plan");
  expect(empty.exitCode, empty.stderr).toBe(64);
  expect(empty.stderr).toContain("There is nothing at s3://example-models/greeter/v1.");
  await put("greetings.json", JSON.stringify({ hello: "one" }));
  await configure({ sha256: "0".repeat(64) });
  await put("large/weights.bin", weights);
  const many = await project.run("up", "--yes");
  expect(many.exitCode, many.stderr).toBe(64);
  expect(many.stderr).toContain(
    "model.sha256 is of one file, and s3://example-models/greeter/v1 has 2",
  );
  expect((await project.run("status")).stderr).toContain("is not deployed");
});

test("up serves with the weights, which the container cannot change", async () => {
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: "example-models",
      VersioningConfiguration: { Status: "Enabled" },
    }),
  );
  await put("greetings.json", JSON.stringify({ hello: "one" }));
  await configure();
  const made = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(made.exitCode, made.stderr).toBe(0);
  expect(await answer("/")).toBe("one");
  expect(await answer("/files")).toBe(`greetings.json=15 large/weights.bin=${weights.length}`);
  const write = await inside("docker", "exec", "infer-deploy-app", "touch", "/model/new");
  expect(write.stderr).toContain("Read-only file system");
  const again = await project.run("release", ...(await project.buildArgs()));
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stdout).toContain("already");
});

test("weights that changed under their name are the next release, and a rollback has the old ones", async () => {
  await put("greetings.json", JSON.stringify({ hello: "two" }));
  const released = await project.run("release", "--version", "v2", ...(await project.buildArgs()));
  expect(released.exitCode, released.stderr).toBe(0);
  expect(released.stderr).toMatch(
    /s3:\/\/example-models\/greeter\/v1 has changed under its name: .*greetings\.json changed/,
  );
  expect(await answer("/")).toBe("two");
  const [first, second] = [await readRelease(bucket.store, 1), await readRelease(bucket.store, 2)];
  expect(second?.container.model?.revision).not.toBe(first?.container.model?.revision);
  const back = await project.run("rollback");
  expect(back.exitCode, back.stderr).toBe(0);
  expect(await answer("/")).toBe("one");
});

test("a wrong SHA-256 ends the release with the cause, and the old weights serve on", async () => {
  await configure({ sha256: { "greetings.json": "0".repeat(64) } });
  const failed = await project.run("release", "--version", "v3", ...(await project.buildArgs()));
  expect(failed.exitCode, failed.stderr).toBe(3);
  expect(failed.stderr).toMatch(
    /the model's weights cannot be used.*greetings\.json has the SHA-256/,
  );
  expect(failed.stderr).toContain("Correct model.sha256");
  expect(await answer("/")).toBe("one");
});

test("an agent that is killed in the middle continues where it was", async () => {
  const parts = 16;
  await putParts("large/second.bin", parts);
  await configure();
  const releasing = project.run("release", "--version", "v4", ...(await project.buildArgs()));
  const blobs = "/var/lib/infer-deploy-cache/weights/blobs";
  const begun = `for file in ${blobs}/*.part; do [ $(du -m $file | cut -f 1) -gt 150 ] && exit 0; done; exit 1`;
  await expect
    .poll(async () => (await inside("sh", "-c", begun)).exitCode, {
      timeout: 300_000,
      interval: 50,
    })
    .toBe(0);
  // Nothing more comes, so that the agent is killed in the middle.
  const emulator = `infer-deploy-${project.sandbox}-emulator`;
  await execa("docker", ["pause", emulator]);
  await expect
    .poll(async () => (await inside("sh", "-c", `cat ${blobs}/*.json`)).stdout, { timeout: 30_000 })
    .toMatch(/"have": "[01]*1/);
  await inside("systemctl", "kill", "--signal", "KILL", "infer-deploy-agent");
  const notes = (await inside("sh", "-c", `cat ${blobs}/*.json`)).stdout;
  await execa("docker", ["unpause", emulator]);
  const released = await releasing;
  expect(released.exitCode, released.stderr).toBe(0);
  const kept = (/"have": "([01]+)"/.exec(notes)?.[1] ?? "").replaceAll("0", "").length;
  const journal = await inside("journalctl", "--unit", "infer-deploy-agent", "--output", "cat");
  const [, fetched = "", all = ""] =
    /weights are here: (\d+) of (\d+) MB were fetched/.exec(journal.stdout) ?? [];
  // A piece has 33.5 MB.
  expect(kept).toBeGreaterThan(0);
  expect(Number(fetched)).toBeLessThan(Number(all) - kept * 33);
  expect(await answer("/files")).toContain(`large/second.bin=${parts * partBytes}`);
});

async function configure(model: object = {}): Promise<void> {
  await project.configure({
    ...example,
    model: { ...(example["model"] as object), ...model },
    instances: { type: "t3.small", min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
  });
}

async function put(name: string, body: string | Uint8Array): Promise<void> {
  const key = `greeter/v1/${name}`;
  await s3.send(new PutObjectCommand({ Bucket: "example-models", Key: key, Body: body }));
}

async function answer(path: string): Promise<string> {
  const { stdout } = await project.run("status", "--json");
  const { url } = JSON.parse(stdout) as { readonly url: string };
  return (await (await fetch(new URL(path, url))).text()).trim();
}

/** Runs a command on the newest instance. */
async function inside(...command: readonly string[]) {
  const { stdout } = await execa("docker", [
    ...["ps", "--format", "{{.Names}}", "--filter", "name=^infer-deploy-model-weights-i-"],
  ]);
  const [name = ""] = stdout.split("\n");
  return execa("docker", ["exec", name, ...command], { reject: false });
}

/** A file of this many parts of 64 MB. */
async function putParts(name: string, count: number): Promise<void> {
  const place = { Bucket: "example-models", Key: `greeter/v1/${name}` };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const Parts = [];
  for (let PartNumber = 1; PartNumber <= count; PartNumber += 1) {
    const part = { ...place, UploadId, PartNumber, Body: Buffer.alloc(partBytes, PartNumber) };
    const { ETag } = await s3.send(new UploadPartCommand(part));
    Parts.push({ PartNumber, ETag });
  }
  const done = { ...place, UploadId, MultipartUpload: { Parts } };
  await s3.send(new CompleteMultipartUploadCommand(done));
}

const partBytes = 2 ** 26;
const weights = randomBytes(40_000_000);
