import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAwsClients } from "../../src/aws/clients.ts";
import { createObjectStore } from "../../src/state/object-store.ts";
import { stateBucketName } from "../../src/stack/names.ts";
import { ensureStateBucket } from "../../src/aws/s3/state-bucket.ts";
import { systemClock } from "../../src/process/clock.ts";
import { systemProcesses } from "../../src/process/processes.ts";
import { acquireLock } from "../../src/lock/acquire-lock.ts";
import { runCli, type CliResult } from "../_helpers/cli.ts";
import { startEmulator, type Emulator } from "../_helpers/emulator.ts";

const region = "eu-west-1";
const account = "123456789012";
const bucket = stateBucketName(account, region);
const prefix = "app/production";
let emulator: Emulator;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  emulator = await startEmulator(region);
  folder = await mkdtemp(join(tmpdir(), "infer-deploy-lock-"));
  await writeFile(join(folder, "infer-deploy.yml"), `name: app\nregion: ${region}\n`);
  env = { ...process.env, ...emulator.env, NO_COLOR: "1" };
  await ensureStateBucket(
    await client(),
    bucket,
    region,
    {
      account,
      arn: `arn:aws:iam::${account}:user/test`,
    },
    systemClock.sleep,
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await emulator.stop();
});

test("of twenty runs at once exactly one gets the lock, and the others name it", async () => {
  const ends = await Promise.all(Array.from({ length: 20 }, async (_, index) => take(index)));
  const held = ends.filter((end) => typeof end !== "string");
  expect(held).toHaveLength(1);
  const winner = ends.findIndex((end) => typeof end !== "string");
  for (const text of ends.filter((end) => typeof end === "string")) {
    expect(text).toContain(`release --version v${winner}\``);
  }
  await held[0]?.release();
  expect((await cli("status")).stdout).toBe("app (production) in eu-west-1 is not locked\n");
});

test("a run that holds the lock is alive, killed it is dead, and then its lock can be removed", async () => {
  const holder = await hold();
  expect(await status()).toMatchObject({
    schema_version: 1,
    held: true,
    holder: { pid: holder.pid, command: "release --version v2" },
    holder_state: "alive",
  });

  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(await status()).toMatchObject({ held: true, holder_state: "dead" });
  expect(await take(1)).toContain("a run that is dead");

  const unanswered = await cli("release");
  expect(unanswered).toMatchObject({ exitCode: 64, stdout: "" });
  expect(unanswered.stderr).toContain("--yes");

  const released = await cli("release", "--yes");
  expect(released).toMatchObject({ exitCode: 0 });
  expect(released.stdout).toMatch(/^app \(production\) in eu-west-1: the lock of .+ is removed\n$/);
  expect(await cli("release")).toMatchObject({
    exitCode: 0,
    stdout: "app (production) in eu-west-1: not locked\n",
  });
});

test("an unreadable lock counts as held, and can be removed", async () => {
  const object = { Bucket: bucket, Key: `${prefix}/lock.json`, Body: "{" };
  await (await client()).send(new PutObjectCommand(object));
  expect(await take(1)).toContain("unreadable");
  expect(await cli("status")).toMatchObject({ exitCode: 1, stdout: "" });
  const released = await cli("release", "--yes", "--json");
  expect(JSON.parse(released.stdout)).toMatchObject({ released: true, held: false, holder: null });
});

async function client() {
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  return createAwsClients({ region, endpoint: emulator.endpoint, credentials }).s3();
}

/** The lock, or the text of the refusal. */
async function take(version: number) {
  const store = createObjectStore(
    await client(),
    { bucket, prefix, owner: account },
    systemClock.sleep,
  );
  return acquireLock(
    {
      store,
      clock: systemClock,
      reporter: { notify: () => {} },
      processes: systemProcesses,
      env: {},
      newId: () => `run ${version}`,
      signal: new AbortController().signal,
    },
    {
      command: `release --version v${version}`,
      waitSeconds: 0,
      takeOverDead: async () => Promise.resolve(false),
    },
  ).catch((error: unknown) => (error as Error).message);
}

async function hold(): Promise<ChildProcess> {
  const file = fileURLToPath(new URL("fixtures/hold-lock.ts", import.meta.url));
  const child = spawn(process.execPath, [file, bucket, prefix], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function status(): Promise<unknown> {
  return JSON.parse((await cli("status", "--json")).stdout);
}

async function cli(...args: string[]): Promise<CliResult> {
  return runCli(["lock", ...args], { cwd: folder, env });
}
