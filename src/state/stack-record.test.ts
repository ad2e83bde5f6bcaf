import { expect, test } from "vitest";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { parseOutputs, parseStackRecord } from "./stack-record.ts";

test("a record is read back as it was written", () => {
  const record = stackRecord();
  expect(parseStackRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test("for a record of another version, the error names both ways to continue", () => {
  expect(() => parseStackRecord({ ...stackRecord(), schema_version: 2 })).toThrow(
    expect.objectContaining({
      why: expect.stringContaining("schema_version"),
      next: expect.stringMatching(/update infer-deploy.*; or infer-deploy up --refresh/),
    }),
  );
});

test("a missing output is refused by name; further outputs are fine", () => {
  const { outputs } = stackRecord();
  const { listener_arn: _, ...without } = outputs;
  expect(() => parseOutputs(without, "fleet")).toThrow(
    expect.objectContaining({ why: expect.stringContaining("listener_arn") }),
  );
  expect(parseOutputs({ ...outputs, more: 1 }, "fleet")).toEqual(outputs);
});
