import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
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
   * `condition` "absent" creates; an ETag replaces only that version. Resolves to the new ETag, or to false when S3 answers 412 or 409, or
   * 404 because the object is gone. When an answer was lost, the SDK's repeated request is refused because of its own first write.
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

export function createObjectStore(
  s3: Pick<S3Client, "send">,
  bucket: string,
  prefix: string,
): ObjectStore {
  const fullKey = (key: string): string => `${prefix}/${key}`;

  const get = async (key: string): Promise<StoredObject | undefined> => {
    try {
      const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: fullKey(key) }));
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
    try {
      const answer = await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: fullKey(key),
          Body: `${JSON.stringify(value, undefined, 2)}\n`,
          ContentType: "application/json",
          ...(condition === "absent" ? { IfNoneMatch: "*" } : {}),
          ...(typeof condition === "object" ? { IfMatch: condition.etag } : {}),
        }),
      );
      return answer.ETag ?? "";
    } catch (error) {
      if (
        isRefused(error) ||
        (typeof condition === "object" && error instanceof Error && error.name === "NoSuchKey")
      ) {
        return false;
      }
      throw error;
    }
  };

  const remove = async (key: string, etag: string): Promise<boolean> => {
    try {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: fullKey(key), IfMatch: etag }));
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
            Bucket: bucket,
            Prefix: fullKey(keyPrefix),
            ContinuationToken: token,
          }),
        );
        keys.push(
          ...(page.Contents ?? []).map((object) => (object.Key ?? "").slice(prefix.length + 1)),
        );
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
          Bucket: bucket,
          Delete: { Objects: batch.map((key) => ({ Key: fullKey(key) })), Quiet: true },
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

/** 409 ConditionalRequestConflict: another conditional request for the key is in flight, and it wins. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && /PreconditionFailed|ConditionalRequestConflict/.test(error.name);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === "NoSuchKey" || error.name === "NoSuchBucket");
}

/** DeleteObjects takes at most 1,000 keys. */
const deleteBatch = 1000;
