import type { StoredFile } from "../aws/s3/model-objects.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ModelContent } from "../state/container-record.ts";
import { checkFiles, revisionOf } from "./files.ts";
import type { Found, Source, WantedModel } from "./source.ts";
import { mapSome } from "./map-some.ts";

/** Reads S3. Its functions throw the SDK's own errors. */
export interface Objects {
  readonly region: (bucket: string) => Promise<string | undefined>;
  readonly list: (bucket: string, prefix: string) => Promise<readonly string[]>;
  readonly head: (bucket: string, key: string, version?: string) => Promise<StoredFile>;
}

/** `from`: of the configuration, or of a release's record, whose bucket may be another one. */
export function s3Source(objects: Objects, wanted: WantedModel): Source {
  const where = wanted.placeOf(["model", "source"]);
  const { from, source } = wanted.settings;
  return {
    find: async () => {
      if (from.kind !== "s3") throw new Error(`${source} is not in S3`);
      try {
        await checkRegion(objects, from.bucket, wanted, where);
        return await find(objects, from, source, where);
      } catch (error) {
        throw error instanceof CommandError ? error : s3Error(error, from.bucket, source, where);
      }
    },
    missing: async (model) => missing(objects, model),
  };
}

async function find(
  objects: Objects,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  source: string,
  where: string,
): Promise<Found> {
  const listed = await objects.list(bucket, prefix);
  // A key that ends with / is the console's folder.
  const keys = listed.filter(
    (key) =>
      !key.endsWith("/") && (key === prefix || prefix === "" || key.startsWith(`${prefix}/`)),
  );
  if (keys.length === 0) {
    throw new CommandError(`There is nothing at ${source}.`, {
      exitCode: exitCodes.usage,
      where,
      next: `aws s3 ls s3://${bucket}/ --recursive lists what is there; correct model.source`,
    });
  }
  // The object itself wins over what is below its name.
  const own = keys.includes(prefix) ? [prefix] : keys;
  const names = own.map((key) => nameOf(key, prefix));
  checkFiles(names, source, where);
  const stored = await mapSome(own, async (key) => objects.head(bucket, key));
  const archived = stored.find(({ isArchived }) => isArchived);
  if (archived !== undefined) {
    throw new CommandError(`${archived.key} is in an archive of S3, where nothing can be read.`, {
      exitCode: exitCodes.usage,
      where,
      next: "restore it to a storage class for access at any time, then run this command again",
    });
  }
  const files = stored.map(({ key, size, etag, version, sha256 }) => ({
    name: nameOf(key, prefix),
    from: key,
    size,
    etag,
    ...(version === undefined ? {} : { version }),
    ...(sha256 === undefined ? {} : { sha256 }),
  }));
  return { revision: revisionOf(files), bucket, files };
}

function nameOf(key: string, prefix: string): string {
  if (key === prefix) return key.slice(key.lastIndexOf("/") + 1);
  return prefix === "" ? key : key.slice(prefix.length + 1);
}

/** Instances of a stack without a way to the internet reach the buckets of their own region only, and others cost for each byte. */
async function checkRegion(
  objects: Objects,
  bucket: string,
  { region }: WantedModel,
  where: string,
): Promise<void> {
  const found = await objects.region(bucket);
  if (found === undefined || found === region) return;
  throw new CommandError(`The bucket ${bucket} is in ${found}, and the stack in ${region}.`, {
    exitCode: exitCodes.usage,
    where,
    why: "every new instance would fetch the weights from another region, which is slow and costs for each byte",
    next: `copy them to a bucket in ${region}: aws s3 sync s3://${bucket}/... s3://OTHER-BUCKET/...`,
  });
}

async function missing(objects: Objects, { bucket = "", files }: ModelContent) {
  const gone = await mapSome(files, async ({ name, from, etag, version }) => {
    try {
      const { etag: found } = await objects.head(bucket, from, version);
      return found === etag ? [] : [name];
    } catch (error) {
      if (statusOf(error) === 404) return [name];
      throw error;
    }
  });
  return gone.flat();
}

function s3Error(error: unknown, bucket: string, source: string, where: string): unknown {
  const status = statusOf(error);
  if (status === 404) {
    return new CommandError(`There is no bucket ${bucket}.`, {
      exitCode: exitCodes.usage,
      where,
      next: "aws s3 ls lists this account's buckets; correct model.source",
      cause: error,
    });
  }
  if (status === 403) {
    return new CommandError(`S3 does not let this user read ${source}.`, {
      exitCode: exitCodes.usage,
      where,
      next: `allow s3:ListBucket on arn:aws:s3:::${bucket} and s3:GetObject on its objects; docs/reference/model.md has the policy`,
      cause: error,
    });
  }
  return error;
}

function statusOf(error: unknown): number | undefined {
  const { $metadata: metadata } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return metadata?.httpStatusCode;
}
