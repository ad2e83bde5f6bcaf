import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import { execa } from "execa";
import { createAwsClients } from "../src/aws/clients.ts";
import { sandboxCredentials } from "../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../sandbox/src/client/state-file.ts";
import { held } from "./groups.ts";
import { printTable, quantile } from "./table.ts";

/**
 * A file of 2 GB from the local region's S3, fetched by the agent's own code, by one connection of curl and by `aws s3 cp`, in turn:
 * `npm run bench:weights`. The bound is a share of the link or the disk, whichever is slower: what eight connections of curl get that write
 * nothing, and what `dd` writes.
 */
const repository = fileURLToPath(new URL("..", import.meta.url));
const cli = join(repository, "bin", "infer-deploy.js");
const [sandbox, bucket, key] = ["bench-weights", "models", "weights.bin"];
const region = "eu-central-1" satisfies BucketLocationConstraint;
const rounds = 3;
const parts = 32;
const partBytes = 2 ** 26;
const bytes = parts * partBytes;
const leastShare = 0.85;

const folder = await mkdtemp(join(tmpdir(), "bench-weights-"));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  XDG_STATE_HOME: join(folder, "state"),
  NO_COLOR: "1",
};
try {
  await execa("node", [cli, "sandbox", "start", "--name", sandbox], { env });
  const state = await readSandboxState(sandboxFolder(env, sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const { endpoint } = state;
  const credentials = sandboxCredentials(state);
  const aws = createAwsClients({ region, endpoint, credentials });
  const sha256 = await upload(await aws.s3());
  const { accessKeyId, secretAccessKey } = credentials;
  const keys = {
    ...env,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
  };
  const venv = join(folder, "venv");
  await execa("python3", ["-m", "venv", venv]);
  await execa(join(venv, "bin", "pip"), ["install", "--quiet", "awscli"]);
  const curl = (range: string, output: string) =>
    execa(
      "curl",
      [
        ...["--silent", "--show-error", "--fail", "--output", output, "--range", range],
        ...["--aws-sigv4", `aws:amz:${region}:s3`, "--user", `${accessKeyId}:${secretAccessKey}`],
        `${endpoint}/${bucket}/${key}`,
      ],
      { env },
    );
  const agent = (hash: string) => async (place: string) =>
    execa(
      "python3",
      [
        join(repository, "bench", "weights", "fetch.py"),
        endpoint,
        region,
        bucket,
        key,
        String(bytes),
        hash,
        place,
      ],
      { env: keys },
    );
  const cases: Readonly<Record<string, (place: string) => Promise<unknown>>> = {
    "the link: curl, 8 connections, nothing is written": async () =>
      Promise.all(
        Array.from({ length: 8 }, async (_, index) =>
          curl(`${(index * bytes) / 8}-${((index + 1) * bytes) / 8 - 1}`, "/dev/null"),
        ),
      ),
    "the disk: dd with fdatasync": async (place) =>
      execa("dd", [
        "if=/dev/zero",
        `of=${place}/zeros`,
        "bs=1M",
        `count=${bytes / 2 ** 20}`,
        "conv=fdatasync",
      ]),
    "curl, one connection": async (place) => curl(`0-${bytes - 1}`, join(place, "curl")),
    "aws s3 cp": async (place) =>
      execa(
        join(venv, "bin", "aws"),
        ["s3", "cp", "--quiet", `s3://${bucket}/${key}`, join(place, "aws")],
        { env: keys },
      ),
    "the agent": agent("-"),
    "the agent, with model.sha256": agent(sha256),
  };
  const speeds = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, fetchIt] of Object.entries(cases)) {
      const place = join(folder, "place");
      await mkdir(place);
      const began = performance.now();
      await fetchIt(place);
      speeds.get(name)?.push(bytes / 1e3 / (performance.now() - began));
      await rm(place, { recursive: true });
    }
  }
  const median = (name: string): number => quantile(speeds.get(name) ?? [], 0.5);
  const [link = "", disk = ""] = Object.keys(cases);
  const slower = Math.min(median(link), median(disk));
  const rows = Object.keys(cases).map((name) => {
    const share = median(name) / slower;
    const isAgent = name.startsWith("the agent");
    return {
      case: name,
      "MB/s, median": median(name),
      min: Math.min(...(speeds.get(name) ?? [])),
      max: Math.max(...(speeds.get(name) ?? [])),
      "of the slower of link and disk": share,
      ...(isAgent
        ? held(`at least ${leastShare}`, share >= leastShare)
        : { bound: "", result: "" }),
    };
  });
  printTable("weights", rows);
  if (rows.some(({ result }) => result === "FAIL")) process.exitCode = 1;
} finally {
  await execa("node", [cli, "sandbox", "stop", "--name", sandbox], { env, reject: false });
  await rm(folder, { recursive: true, force: true });
}

/** Random bytes, part by part. Resolves to the SHA-256 of all. */
async function upload(s3: S3Client): Promise<string> {
  const place = { Bucket: bucket, Key: key };
  const LocationConstraint = region;
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }),
  );
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const digest = createHash("sha256");
  const block = randomBytes(partBytes);
  const done: { readonly PartNumber: number; readonly ETag: string | undefined }[] = [];
  for (let PartNumber = 1; PartNumber <= parts; PartNumber += 1) {
    block.writeUInt32BE(PartNumber, 0);
    digest.update(block);
    const { ETag } = await s3.send(
      new UploadPartCommand({ ...place, UploadId, PartNumber, Body: block }),
    );
    done.push({ PartNumber, ETag });
  }
  await s3.send(
    new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: done } }),
  );
  return digest.digest("hex");
}
