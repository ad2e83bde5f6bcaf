import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { createHash } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SingleOutputs } from "../../src/state/stack-record.ts";
import { parseTraffic } from "../../src/state/traffic.ts";
import type { StackInput } from "../../src/stack/stack-input.ts";
import { isRecord, parseJson, recordOf, textOf } from "../../src/terraform/events/json.ts";
import { applyInEmulator, type AppliedTerraform } from "../_helpers/applied-terraform.ts";
import { stackInput } from "../_helpers/stack-values.ts";

const { instances, network } = stackInput();

const machine: Partial<StackInput> = {
  topology: "single",
  instances: { ...instances, min: 1, max: 1 },
  network: { ...network, egress: "public" },
  metrics: { instances: true, path: "/metrics", series: [] },
  domains: ["api.example.com"],
};

let applied: AppliedTerraform;
let outputs: SingleOutputs;

beforeAll(async () => {
  applied = await applyInEmulator(machine);
  if (!("machine" in applied.outputs)) throw new Error("these are a fleet's outputs");
  outputs = applied.outputs;
});
afterAll(async () => {
  await applied?.remove();
});

test("a zone elsewhere gets no record, and the address is one that stays", () => {
  expect(outputs.url).toBe("https://api.example.com");
  expect(outputs.machine.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  expect(outputs.machine.alarm_names).toHaveLength(4);
});

test("what releases own can change and Terraform plans nothing", async () => {
  const ssm = await applied.aws.ssm();
  const { traffic } = outputs.machine.parameters;
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: traffic }));
  const before = parseTraffic(Parameter?.Value ?? "", traffic);
  expect(before).toMatchObject({ generation: 0, weights: { blue: 100, green: 0 } });
  const after = { ...before, generation: 1, weights: { blue: 0, green: 100 } };
  await ssm.send(
    new PutParameterCommand({ Name: traffic, Value: JSON.stringify(after), Overwrite: true }),
  );
  await (
    await applied.aws.autoScaling()
  ).send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: outputs.machine.group,
      MinSize: 1,
      DesiredCapacity: 1,
    }),
  );
  expect(await applied.plan()).toEqual([]);
});

test("the machine's files are in the bucket, under the hash that user data names", async () => {
  const { stdout } = await applied.terraform.expect([0], "show", "-json");
  const bundle = find(parseJson(stdout), "aws_s3_object");
  const { Body } = await (
    await applied.aws.s3()
  ).send(new GetObjectCommand({ Bucket: textOf(bundle["bucket"]), Key: textOf(bundle["key"]) }));
  const text = (await Body?.transformToString()) ?? "";
  const hash = createHash("sha256").update(text).digest("hex");
  expect(textOf(bundle["key"])).toBe(`embeddings/production/instance/${hash}.json`);
  expect(JSON.parse(text)).toMatchObject({
    files: expect.arrayContaining([
      expect.objectContaining({ path: "/opt/infer-deploy/boot", permissions: "0755" }),
    ]),
  });
});

test("a change of headers reaches the door without another machine", async () => {
  const { responseHeaders } = stackInput();
  await applied.terraform.render({
    ...machine,
    responseHeaders: { ...responseHeaders, frameOptions: "DENY" },
  });
  expect(await applied.plan()).toEqual(["update module.machine.aws_ssm_parameter.settings"]);
});

/** The values of the first resource of a type, wherever it is in the state. */
function find(state: unknown, type: string): Readonly<Record<string, unknown>> {
  const stack: unknown[] = [state];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (isRecord(next) && next["type"] === type) return recordOf(next["values"]);
    if (Array.isArray(next)) stack.push(...(next as readonly unknown[]));
    else if (isRecord(next)) stack.push(...Object.values(next));
  }
  throw new Error(`there is no ${type}`);
}
