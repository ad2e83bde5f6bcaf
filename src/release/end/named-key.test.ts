import { expect, test } from "vitest";
import { placeNamedKey } from "./named-key.ts";

const session = { placeOf: (path: readonly PropertyKey[]) => `f.yml ${path.join(".")}` };

function whereOf(cause: string): string | undefined {
  const failure = { cause, where: "instance i-1", detail: [] };
  const ending = { outcome: "rolled-back" as const, stuck: false, failure };
  return placeNamedKey(session, ending).failure?.where;
}

test.each([
  ["container.cache.path has /app, where the cache would hide", "container.cache.path"],
  ["s3://b/m: a has the SHA-256 1, and not 2. Correct model.sha256, or the file.", "model.sha256"],
  ["model.path has /app/a, which is a file in the image", "model.path"],
  ["container.shm asks for 300 MB, and the container has 256 MB", "container.shm"],
])("the agent failed: %s: the place of %s is named", (cause, key) => {
  expect(whereOf(`the instance's agent failed: ${cause}`)).toBe(`f.yml ${key}, instance i-1`);
});

test("a key that the file may lack has no place, and a release that succeeded is left as it is", () => {
  expect(whereOf("exit 1: Add /data to container.writable")).toBe("instance i-1");
  const done = { outcome: "succeeded", stuck: false, failure: null } as const;
  expect(placeNamedKey(session, done)).toBe(done);
});
