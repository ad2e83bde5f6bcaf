import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryBucket } from "../../../test/_helpers/memory-store.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import { foreignAccountText, knownElsewhere } from "./known-stacks.ts";
import { requireStack } from "../require-stack.ts";

let stateFolder: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), "known-stacks-"));
});

afterEach(async () => rm(stateFolder, { recursive: true }));

const identity = { account: "111111111111", arn: "arn:aws:iam::111111111111:user/ada" };
const target = () => ({
  config: config(),
  identity,
  stateFolder,
  store: createMemoryBucket().connect(),
});

async function worked(account: string, region: string, name = "app"): Promise<void> {
  await mkdir(join(stateFolder, "stacks", account, region, name, "production"), {
    recursive: true,
  });
}

test("a machine that never worked on it says nothing", async () => {
  await worked("222222222222", "eu-west-1", "other");
  expect(await knownElsewhere(target())).toEqual([]);
  expect(await foreignAccountText(target())).toBeUndefined();
  await expect(requireStack(target())).rejects.toMatchObject({
    message: "app (production) is not deployed in eu-west-1.",
    why: undefined,
    next: "infer-deploy up",
  });
});

test("another region of this account comes first", async () => {
  await worked("222222222222", "eu-west-1");
  await worked("111111111111", "us-east-1");
  await expect(requireStack(target())).rejects.toMatchObject({
    why: "from this machine it was deployed in us-east-1",
    next: "the same with --region us-east-1, or infer-deploy up for one more stack here",
  });
});

test("credentials of another account are named with both accounts", async () => {
  await worked("222222222222", "eu-west-1");
  await expect(requireStack(target())).rejects.toMatchObject({
    why: "these credentials are of the account 111111111111; from this machine it was deployed in 222222222222 (eu-west-1)",
    next: expect.stringContaining("a profile of the account 222222222222"),
  });
  expect(await foreignAccountText(target())).toBe(
    "this machine knows app (production) in the account 222222222222, and these credentials are of 111111111111: this makes one more stack there",
  );
  await worked("111111111111", "eu-west-1");
  expect(await foreignAccountText(target())).toBeUndefined();
});
