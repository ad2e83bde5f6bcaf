import {
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAwsClients, type AwsClients } from "../../../src/aws/clients.ts";
import { createRun } from "../../../src/process/programs/execa-run.ts";
import { findTerraform } from "../../../src/terraform/run/binary.ts";
import { configureProviderSource, findProviderSource } from "../../../src/terraform/run/mirror.ts";
import { repository } from "../../_helpers/cli.ts";
import { startEmulator, type Emulator } from "../../_helpers/emulator.ts";

const region = "eu-west-1";
let emulator: Emulator;
let aws: AwsClients;
let folder: string;
let terraform: (...args: string[]) => Promise<{ exitCode: number; output: string }>;

beforeAll(async () => {
  emulator = await startEmulator(region);
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  aws = createAwsClients({ region, endpoint: emulator.endpoint, credentials });
  folder = await mkdtemp(join(tmpdir(), "infer-deploy-emulator-"));
  await cp(join(repository, "sandbox", "test", "terraform"), folder, {
    recursive: true,
  });
  terraform = await prepareTerraform();
  await succeed("init", "-input=false");
  await succeed("apply", "-auto-approve", "-input=false");
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await emulator.stop();
});

test("Terraform finds in the region what it made there, before and after instances came", async () => {
  expect(await plan()).toBe("no changes");
  await scale("answers-blue", 3);
  expect(await plan()).toBe("no changes");
});

test("a destroy leaves nothing that the tag finds", async () => {
  await scale("answers-green", 1);
  expect((await tagged()).length).toBeGreaterThan(20);
  await succeed("destroy", "-auto-approve", "-input=false");
  expect(await tagged()).toEqual([]);
});

async function plan(): Promise<string> {
  const { exitCode, output } = await terraform(
    "plan",
    "-detailed-exitcode",
    "-input=false",
    "-no-color",
  );
  return exitCode === 0 ? "no changes" : output;
}

async function succeed(...args: string[]): Promise<void> {
  const { exitCode, output } = await terraform(...args);
  if (exitCode !== 0) throw new Error(`terraform ${args.join(" ")}: ${exitCode}\n${output}`);
}

async function scale(group: string, size: number): Promise<void> {
  const scaling = await aws.autoScaling();
  await scaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: group,
      MinSize: 1,
      DesiredCapacity: size,
    }),
  );
  const found = await scaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  expect(found.AutoScalingGroups?.[0]?.Instances).toHaveLength(size);
}

async function tagged(): Promise<string[]> {
  const filter = { Key: "infer-deploy:name", Values: ["answers"] };
  const found: string[] = [];
  for await (const page of paginateGetResources(
    { client: await aws.tagging() },
    { TagFilters: [filter] },
  )) {
    found.push(
      ...(page.ResourceTagMappingList ?? []).flatMap(({ ResourceARN }) => ResourceARN ?? []),
    );
  }
  return found;
}

async function prepareTerraform(): Promise<typeof terraform> {
  const run = createRun();
  const binary = await findTerraform(run, process.env);
  const search = { binary, folder, env: process.env };
  const source = await configureProviderSource(search, findProviderSource(search));
  const env = { ...source, ...emulator.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  return async (...args) => {
    const result = await run({ file: binary.file, args, cwd: folder, env, writes: true });
    return { exitCode: result.exitCode, output: `${result.stdout}${result.stderr}` };
  };
}
