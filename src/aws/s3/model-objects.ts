import {
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { everyItem } from "../every-item.ts";

/** What S3 says of an object. */
export interface StoredFile {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly version?: string;
  /** Hexadecimal. */
  readonly sha256?: string;
  /** In a storage class that must be restored before it can be read. */
  readonly isArchived: boolean;
}

/** S3's own answer for an object: what it has now. `version`: of a bucket with versions. Throws the SDK's own errors. */
export async function headObject(
  s3: Pick<S3Client, "send">,
  bucket: string,
  key: string,
  version?: string,
): Promise<StoredFile> {
  const answer = await s3.send(
    new HeadObjectCommand({
      Bucket: bucket,
      Key: key,
      VersionId: version,
      ChecksumMode: "ENABLED",
    }),
  );
  const { ChecksumSHA256: checksum, VersionId: found } = answer;
  return {
    key,
    size: answer.ContentLength ?? 0,
    etag: answer.ETag ?? "",
    // Without versions S3 says nothing, and "null" while they are suspended: such an object can be overwritten.
    ...(found === undefined || found === "null" ? {} : { version: found }),
    // Of an upload in parts it is a hash over the parts' hashes.
    ...(checksum === undefined || checksum.includes("-")
      ? {}
      : { sha256: Buffer.from(checksum, "base64").toString("hex") }),
    isArchived: /^(?:GLACIER|DEEP_ARCHIVE)$/.test(answer.StorageClass ?? ""),
  };
}

/** Keys that begin so. Throws the SDK's own errors. */
export async function listKeys(
  s3: Pick<S3Client, "send">,
  bucket: string,
  prefix: string,
): Promise<readonly string[]> {
  const found = await everyItem(async (token) => {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    return { items: page.Contents, next: page.NextContinuationToken };
  });
  return found.flatMap(({ Key: key }) => (key === undefined ? [] : [key]));
}

/** The bucket's region; undefined when S3 does not say it. Throws the SDK's own errors. */
export async function bucketRegion(
  s3: Pick<S3Client, "send">,
  bucket: string,
): Promise<string | undefined> {
  try {
    const answer = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return answer.BucketRegion;
  } catch (error) {
    const { $response: response } = error as {
      readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
    };
    const region = response?.headers?.["x-amz-bucket-region"];
    if (region === undefined) throw error;
    return region;
  }
}
