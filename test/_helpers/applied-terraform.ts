import { createAwsClients, type AwsClients } from "../../src/aws/clients.ts";
import { ensureStateBucket } from "../../src/aws/s3/state-bucket.ts";
import { systemClock } from "../../src/process/clock.ts";
import { stateBucketName } from "../../src/stack/names.ts";
import type { StackInput } from "../../src/stack/stack-input.ts";
import { parseOutputs, type StackOutputs } from "../../src/state/stack-record.ts";
import { parseJson, recordOf, textOf } from "../../src/terraform/events/json.ts";
import { renderForBareTerraform, type BareTerraform } from "./bare-terraform.ts";
import { startEmulator } from "./emulator.ts";
import { stackFacts, stackInput } from "./stack-values.ts";

/** A stack that bare terraform has applied in the emulator. */
export interface AppliedTerraform {
  readonly terraform: BareTerraform;
  readonly aws: AwsClients;
  readonly outputs: StackOutputs;
  /** `ACTION ADDRESS` of every change that a plan finds, sorted. */
  readonly plan: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

export async function applyInEmulator(changes: Partial<StackInput>): Promise<AppliedTerraform> {
  const { region } = stackInput();
  const emulator = await startEmulator(region);
  const aws = createAwsClients({
    region,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
  });
  await makeStateBucket(aws, region);
  const terraform = await renderForBareTerraform(emulator.env);
  await terraform.render(changes);
  await terraform.expect([0], "init", "-input=false");
  await terraform.expect([0], "apply", "-auto-approve", "-input=false");
  return {
    terraform,
    aws,
    outputs: await readOutputs(terraform),
    plan: async () => plan(terraform),
    remove: async () => {
      await terraform.remove();
      await emulator.stop();
    },
  };
}

async function plan(terraform: BareTerraform): Promise<readonly string[]> {
  const { stdout } = await terraform.expect(
    [0, 2],
    ...["plan", "-input=false", "-json", "-detailed-exitcode"],
  );
  return stdout
    .split("\n")
    .map((line) => recordOf(line === "" ? {} : parseJson(line)))
    .filter((event) => event["type"] === "planned_change")
    .map((event) => recordOf(event["change"]))
    .map((change) => `${textOf(change["action"])} ${textOf(recordOf(change["resource"])["addr"])}`)
    .toSorted();
}

/** The bucket that instances fetch their files from, also where Terraform's state is elsewhere. */
export async function makeStateBucket(aws: AwsClients, region: string): Promise<void> {
  const account = stackFacts().account ?? "";
  const caller = { account, arn: `arn:aws:iam::${account}:user/ada` };
  const bucket = stateBucketName(account, region);
  await ensureStateBucket(await aws.s3(), bucket, region, caller, systemClock.sleep);
}

async function readOutputs(terraform: BareTerraform): Promise<StackOutputs> {
  const { stdout } = await terraform.expect([0], "output", "-json");
  const entries = Object.entries(recordOf(parseJson(stdout)));
  return parseOutputs(
    Object.fromEntries(entries.map(([name, output]) => [name, recordOf(output)["value"]])),
    "machine" in recordOf(parseJson(stdout)) ? "single" : "fleet",
  );
}
