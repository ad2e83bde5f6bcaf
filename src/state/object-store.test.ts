import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { createObjectStore } from "./object-store.ts";

const place = { bucket: "state", prefix: "app/production", owner: "123456789012" };

interface Stored {
  readonly body: string;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** What happens to one request: `lost`: it has its effect, and the SDK repeats it; `conflict`: 409, without an effect. */
type Luck = "fine" | "lost" | "conflict";

/**
 * A bucket of S3 behind a client that repeats lost requests, as the SDK does. `luck` is drawn for each request to it, and `fine` when there is
 * no more. Other writers use `write`.
 */
function bucket(luck: readonly Luck[] = []) {
  const objects = new Map<string, Stored>();
  const draws = [...luck];
  const sent: object[] = [];
  const slept: number[] = [];
  let writes = 0;
  const write = (key: string, body: string, metadata?: Stored["metadata"]): string => {
    writes += 1;
    objects.set(key, { body, etag: `"${writes}"`, metadata });
    return `"${writes}"`;
  };
  const refuseUnless = (key: string, ifMatch?: string, ifNoneMatch?: string): void => {
    const now = objects.get(key);
    if (ifMatch !== undefined && now === undefined) throw awsFailure("NoSuchKey", "gone");
    if (ifNoneMatch === "*" ? now !== undefined : ifMatch !== undefined && ifMatch !== now?.etag) {
      throw awsFailure("PreconditionFailed", "At least one of the pre-conditions did not hold");
    }
  };
  const effect = (command: unknown): object => {
    if (command instanceof PutObjectCommand) {
      const { Key = "", Body, IfMatch, IfNoneMatch, Metadata } = command.input;
      refuseUnless(Key, IfMatch, IfNoneMatch);
      return { ETag: write(Key, Body as string, Metadata) };
    }
    if (command instanceof DeleteObjectCommand) {
      const { Key = "", IfMatch } = command.input;
      refuseUnless(Key, IfMatch);
      objects.delete(Key);
      return {};
    }
    if (command instanceof DeleteObjectsCommand) {
      for (const { Key = "" } of command.input.Delete?.Objects ?? []) objects.delete(Key);
      return {};
    }
    if (command instanceof ListObjectsV2Command) {
      return { Contents: [...objects.keys()].map((Key) => ({ Key })) };
    }
    const isHead = command instanceof HeadObjectCommand;
    if (!isHead && !(command instanceof GetObjectCommand)) throw new Error("unknown request");
    const found = objects.get(command.input.Key ?? "");
    if (found === undefined) throw awsFailure(isHead ? "NotFound" : "NoSuchKey", "");
    return {
      ETag: found.etag,
      Metadata: found.metadata,
      Body: { transformToString: async () => Promise.resolve(found.body) },
    };
  };
  const send = async (command: { readonly input: object }): Promise<object> => {
    sent.push(command.input);
    const isConditional = "IfMatch" in command.input || "IfNoneMatch" in command.input;
    const drawn = draws.shift() ?? "fine";
    if (drawn === "conflict" && isConditional) {
      throw awsFailure("ConditionalRequestConflict", "another request is in flight");
    }
    // Both requests are the same to S3: whatever the first answer was, the caller gets the second.
    if (drawn === "lost")
      await Promise.resolve()
        .then(() => effect(command))
        .catch(() => undefined);
    return effect(command);
  };
  const s3 = { send } as unknown as Pick<S3Client, "send">;
  const store = createObjectStore(s3, place, async (milliseconds) => void slept.push(milliseconds));
  return { store, objects, sent, slept, write };
}

const key = `${place.prefix}/journal.json`;

test("a write whose answer was lost meets itself, and is known by its id", async () => {
  const { store, objects } = bucket(["lost", "fine", "lost"]);
  const first = await store.put("journal.json", { step: "a" }, "absent");
  expect(first).toBe(objects.get(key)?.etag);
  const second = await store.put("journal.json", { step: "b" }, { etag: first as string });
  expect(second).toBe(objects.get(key)?.etag);
  expect(await store.get("journal.json")).toEqual({ value: { step: "b" }, etag: second });
});

test("the same content of another writer is not this write", async () => {
  const { store, write } = bucket();
  const etag = write(key, '{\n  "step": "a"\n}\n');
  expect(await store.put("journal.json", { step: "a" }, "absent")).toBe(false);
  write(key, '{\n  "step": "b"\n}\n', { "infer-deploy-write": "another" });
  expect(await store.put("journal.json", { step: "b" }, { etag })).toBe(false);
});

test("an object that is gone refuses a write over it", async () => {
  const { store } = bucket();
  expect(await store.put("journal.json", {}, { etag: '"7"' })).toBe(false);
});

test("409 says nothing about the condition: the request is sent again, for two seconds", async () => {
  const { store, slept } = bucket(["conflict", "conflict", "fine"]);
  expect(await store.put("journal.json", {}, "absent")).toBe('"1"');
  expect(slept).toEqual([200, 200]);
  const busy = bucket(Array.from({ length: 10 }, (): Luck => "conflict"));
  await expect(busy.store.put("journal.json", {}, "absent")).rejects.toThrow("in flight");
  expect(busy.slept).toHaveLength(9);
});

test("a removal in conflict is sent again too, and one of another version is refused", async () => {
  const { store, write, objects } = bucket(["conflict"]);
  const etag = write(key, "{}");
  expect(await store.remove("journal.json", etag)).toBe(true);
  expect(objects.size).toBe(0);
  write(key, "{}");
  expect(await store.remove("journal.json", etag)).toBe(false);
});

test("whatever is lost or in conflict, a run that is alone is never told that another one wrote", async () => {
  const luck = fc.constantFrom<Luck>("fine", "lost", "conflict");
  await fc.assert(
    fc.asyncProperty(fc.array(luck, { maxLength: 40 }), async (draws) => {
      // Nine in a row still end well.
      const { store, objects } = bucket(draws.join().includes("conflict,".repeat(9)) ? [] : draws);
      let condition: "absent" | { etag: string } = "absent";
      for (let step = 0; step < 10; step += 1) {
        const etag = await store.put("journal.json", { step }, condition);
        expect(etag).toBe(objects.get(key)?.etag);
        condition = { etag: etag as string };
      }
    }),
  );
});

test("of two writers over the same version exactly one wins, whatever is lost", async () => {
  const luck = fc.constantFrom<Luck>("fine", "lost", "conflict");
  await fc.assert(
    fc.asyncProperty(fc.array(luck, { maxLength: 8 }), async (draws) => {
      const { store, objects } = bucket(draws);
      const answers = await Promise.all(
        [1, 2].map(async (writer) => store.put("journal.json", { writer }, "absent")),
      );
      expect(answers.filter((etag) => etag !== false)).toEqual([objects.get(key)?.etag]);
    }),
  );
});

test("every request names the account that must own the bucket", async () => {
  const { store, sent } = bucket();
  const etag = await store.put("journal.json", {}, "absent");
  await store.put("journal.json", {}, "absent");
  await store.get("journal.json");
  await store.list("");
  await store.remove("journal.json", etag as string);
  await store.put("stack.json", {});
  await store.removeAll("");
  expect(sent.length).toBeGreaterThanOrEqual(8);
  for (const input of sent) expect(input).toMatchObject({ ExpectedBucketOwner: place.owner });
});
