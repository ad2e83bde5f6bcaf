import { randomUUID } from "node:crypto";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

export interface StoredObject {
  readonly value: unknown;
  readonly etag: string;
}

/** JSON documents under one prefix of the state bucket. Keys are relative to the prefix. A missing bucket counts as empty. */
export interface ObjectStore {
  /** Undefined when there is no such object. Throws UnreadableObjectError when it is not JSON. */
  readonly get: (key: string) => Promise<StoredObject | undefined>;
  /**
   * `condition` "absent" creates; an ETag replaces only that version. Resolves to the new ETag, or to false when another write came first
   * or the object is gone. When an answer was lost, S3 refuses the SDK's repeated request because of its own first write: that is a success.
   */
  readonly put: (
    key: string,
    value: unknown,
    condition?: "absent" | { readonly etag: string },
  ) => Promise<string | false>;
  /** Removes only the version with that ETag; false when the object has changed or is gone. */
  readonly remove: (key: string, etag: string) => Promise<boolean>;
  readonly list: (keyPrefix: string) => Promise<readonly string[]>;
  readonly removeAll: (keyPrefix: string) => Promise<number>;
}

/** The object exists, but it is not JSON. */
export class UnreadableObjectError extends Error {
  readonly etag: string;

  constructor(key: string, etag: string, cause: unknown) {
    super(`${key} in the state bucket is not JSON`, { cause });
    this.name = "UnreadableObjectError";
    this.etag = etag;
  }
}

/** Where a stack's documents are. `owner`: the account that must own the bucket; S3 refuses every request when another one does. */
export interface StorePlace {
  readonly bucket: string;
  readonly prefix: string;
  readonly owner: string;
}

export function createObjectStore(
  s3: Pick<S3Client, "send">,
  { bucket, prefix, owner }: StorePlace,
  sleep: (milliseconds: number) => Promise<void>,
): ObjectStore {
  const guard = { Bucket: bucket, ExpectedBucketOwner: owner };
  const object = (key: string) => ({ ...guard, Key: `${prefix}/${key}` });

  const get = async (key: string): Promise<StoredObject | undefined> => {
    try {
      const answer = await s3.send(new GetObjectCommand(object(key)));
      const text = (await answer.Body?.transformToString("utf8")) ?? "";
      return { value: parse(key, text, answer.ETag ?? ""), etag: answer.ETag ?? "" };
    } catch (error) {
      if (isMissing(error)) {
        return undefined;
      }
      throw error;
    }
  };

  const put = async (
    key: string,
    value: unknown,
    condition?: "absent" | { readonly etag: string },
  ): Promise<string | false> => {
    const id = randomUUID();
    const request = {
      ...object(key),
      Body: `${JSON.stringify(value, undefined, 2)}\n`,
      ContentType: "application/json",
      Metadata: { [writeId]: id },
      ...(condition === "absent" ? { IfNoneMatch: "*" } : {}),
      ...(typeof condition === "object" ? { IfMatch: condition.etag } : {}),
    };
    try {
      const answer = await whenAlone(sleep, async () => s3.send(new PutObjectCommand(request)));
      return answer.ETag ?? "";
    } catch (error) {
      const isGone = typeof condition === "object" && isMissing(error);
      if (isRefused(error) || isGone) {
        return etagOfWrite(key, id);
      }
      throw error;
    }
  };

  /** The ETag of the object that has the id of this write; false when another write made it, or it is gone. */
  const etagOfWrite = async (key: string, id: string): Promise<string | false> => {
    try {
      const found = await s3.send(new HeadObjectCommand(object(key)));
      return found.Metadata?.[writeId] === id ? (found.ETag ?? "") : false;
    } catch (error) {
      if (isMissing(error)) {
        return false;
      }
      throw error;
    }
  };

  const remove = async (key: string, etag: string): Promise<boolean> => {
    try {
      const request = { ...object(key), IfMatch: etag };
      await whenAlone(sleep, async () => s3.send(new DeleteObjectCommand(request)));
      return true;
    } catch (error) {
      if (isRefused(error) || isMissing(error)) {
        return false;
      }
      throw error;
    }
  };

  const list = async (keyPrefix: string): Promise<readonly string[]> => {
    const keys: string[] = [];
    let token: string | undefined;
    try {
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            ...guard,
            Prefix: object(keyPrefix).Key,
            ContinuationToken: token,
          }),
        );
        keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key.slice(prefix.length + 1)));
        token = page.NextContinuationToken;
      } while (token !== undefined);
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
    }
    return keys;
  };

  const removeAll = async (keyPrefix: string): Promise<number> => {
    const keys = await list(keyPrefix);
    for (let start = 0; start < keys.length; start += deleteBatch) {
      const batch = keys.slice(start, start + deleteBatch);
      await s3.send(
        new DeleteObjectsCommand({
          ...guard,
          Delete: { Objects: batch.map((key) => ({ Key: object(key).Key })), Quiet: true },
        }),
      );
    }
    return keys.length;
  };

  return { get, put, remove, list, removeAll };
}

function parse(key: string, text: string, etag: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableObjectError(key, etag, error);
  }
}

/**
 * Sends a conditional request again while S3 answers 409: another one for the same key is in flight, perhaps this run's own, and the answer
 * says nothing about the condition (S3 user guide, "Conditional writes": upload the object again). The SDK does not.
 */
async function whenAlone<T>(
  sleep: (milliseconds: number) => Promise<void>,
  send: () => Promise<T>,
): Promise<T> {
  for (let left = conflictAttempts; ; left -= 1) {
    try {
      return await send();
    } catch (error) {
      const isConflict = error instanceof Error && error.name === "ConditionalRequestConflict";
      if (!isConflict || left === 1) {
        throw error;
      }
      await sleep(conflictPause);
    }
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === "PreconditionFailed";
}

/** HeadObject's answer has no body, so its error has another name. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && /^(NoSuchKey|NoSuchBucket|NotFound)$/.test(error.name);
}

/** The object's metadata that says which write made it. */
const writeId = "infer-deploy-write";
const conflictAttempts = 10;
const conflictPause = 200;
/** DeleteObjects takes at most 1,000 keys. */
const deleteBatch = 1000;
