import { expect, test } from "vitest";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { parseOutputs, parseStackRecord } from "./stack-record.ts";

test("what was written is read back", () => {
  const record = stackRecord();
  expect(parseStackRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test("a record of another version names the two ways out", () => {
  expect(() => parseStackRecord({ ...stackRecord(), schema_version: 2 })).toThrow(
    expect.objectContaining({
      why: expect.stringContaining("schema_version"),
      next: expect.stringMatching(/update infer-deploy.*; or infer-deploy up --refresh/),
    }),
  );
});

test("outputs that are not ours are refused by name; more than ours are fine", () => {
  const { outputs } = stackRecord();
  const { listener_arn: _, ...without } = outputs;
  expect(() => parseOutputs(without)).toThrow(
    expect.objectContaining({ why: expect.stringContaining("listener_arn") }),
  );
  expect(parseOutputs({ ...outputs, more: 1 })).toEqual(outputs);
});
