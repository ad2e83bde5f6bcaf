import { expect, test } from "vitest";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { readApplied } from "./applied.ts";

/** A store that holds only stack.json. */
async function read(value: unknown, tolerant: boolean) {
  const said: string[] = [];
  const reporter = {
    notify: (event: { readonly type: string }) => said.push(JSON.stringify(event)),
    ask: async () => false,
  };
  const store = {
    get: async () => (value === undefined ? undefined : { value, etag: "e" }),
    put: async () => "e",
    remove: async () => true,
    list: async () => [],
    removeAll: async () => 0,
  };
  return { ...(await readApplied({ reporter, store }, { tolerant })), said };
}

test("a record of this version is read", async () => {
  const record = stackRecord();
  expect(await read(record, false)).toEqual({ record, facts: record, said: [] });
});

test("without stack.json, nothing is applied", async () => {
  expect(await read(undefined, true)).toMatchObject({ record: undefined, facts: undefined });
});

test("a record of another version is refused, with the command that writes it again", async () => {
  await expect(read({ ...stackRecord(), schema_version: 9 }, false)).rejects.toMatchObject({
    next: expect.stringContaining("infer-deploy up --refresh") as string,
  });
});

test("that command warns, continues and keeps the machine image", async () => {
  const { record, facts, said } = await read({ ...stackRecord(), schema_version: 9 }, true);
  expect(record).toBeUndefined();
  expect(facts).toMatchObject({ ami_id: "ami-1", outputs: { listener_arn: "arn:listener" } });
  expect(said.join()).toContain("stack.json");
});

test("a record without readable facts counts as unknown", async () => {
  expect(await read("gibberish", true)).toMatchObject({ record: undefined, facts: undefined });
});
