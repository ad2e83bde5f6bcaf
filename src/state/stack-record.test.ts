import { expect, test } from "vitest";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { parseOutputs, parseStackRecord } from "./stack-record.ts";

test("what was written is read back", () => {
  const record = stackRecord();
  expect(parseStackRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test("a document of another version says what is wrong and how to mend it", () => {
  expect(() => parseStackRecord({ ...stackRecord(), schema_version: 2 })).toThrow(
    expect.objectContaining({
      why: expect.stringContaining("schema_version"),
      next: "infer-deploy up --refresh writes it anew",
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
