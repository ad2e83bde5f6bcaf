import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { createBucket } from "./bucket.ts";
import { partitionOf, type Identity } from "../identity.ts";
import { withTlsOnly } from "./tls-only-policy.ts";
import { onceSettled } from "./young-bucket.ts";

/**
 * Creates the state bucket and makes it versioned, encrypted, TLS only and closed to the public. Settings that are already
 * right stay, and so do a user's own encryption, lifecycle, tags and policy statements. The next run completes one that was
 * killed. Resolves to the user's own KMS key that the bucket is encrypted with, as S3 names it; undefined without one.
 * Throws CommandError when the name belongs to another account, and when S3 stays busy with the bucket for a minute.
 */
export async function ensureStateBucket(
  s3: Pick<S3Client, "send">,
  bucket: string,
  region: string,
  identity: Identity,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<string | undefined> {
  const { account } = identity;
  const guard = { Bucket: bucket, ExpectedBucketOwner: account };
  let key: string | undefined;
  const steps: readonly (() => Promise<void>)[] = [
    async () => createBucket(s3, bucket, region, account),
    async () => closeToPublic(s3, guard),
    async () => keepVersions(s3, guard),
    async () => {
      key = await encrypt(s3, guard);
    },
    async () => tag(s3, guard),
    async () => expireOldVersions(s3, guard),
    async () => demandTls(s3, guard, partitionOf(identity)),
  ];
  // One after the other: S3 refuses two settings of a bucket at once.
  for (const step of steps) {
    await onceSettled(sleep, bucket, step);
  }
  return key;
}

interface Guard {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

type Bucket = Pick<S3Client, "send">;

async function closeToPublic(s3: Bucket, guard: Guard): Promise<void> {
  const found = await unlessAbsent(s3.send(new GetPublicAccessBlockCommand(guard)));
  const isClosed = Object.keys(closed).every(
    (key) => found?.PublicAccessBlockConfiguration?.[key as keyof typeof closed] === true,
  );
  if (!isClosed) {
    await s3.send(
      new PutPublicAccessBlockCommand({ ...guard, PublicAccessBlockConfiguration: closed }),
    );
  }
}

async function keepVersions(s3: Bucket, guard: Guard): Promise<void> {
  const found = await s3.send(new GetBucketVersioningCommand(guard));
  if (found.Status !== "Enabled") {
    const VersioningConfiguration = { Status: "Enabled" as const };
    await s3.send(new PutBucketVersioningCommand({ ...guard, VersioningConfiguration }));
  }
}

/** Resolves to the user's own key. AWS's key for S3 is for everyone in the account. */
async function encrypt(s3: Bucket, guard: Guard): Promise<string | undefined> {
  const found = await unlessAbsent(s3.send(new GetBucketEncryptionCommand(guard)));
  const rules = found?.ServerSideEncryptionConfiguration?.Rules ?? [];
  if (rules.length === 0) {
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }];
    await s3.send(
      new PutBucketEncryptionCommand({ ...guard, ServerSideEncryptionConfiguration: { Rules } }),
    );
  }
  return rules
    .map(({ ApplyServerSideEncryptionByDefault: rule }) => rule?.KMSMasterKeyID)
    .find((key) => key !== undefined && !key.endsWith("alias/aws/s3"));
}

async function tag(s3: Bucket, guard: Guard): Promise<void> {
  const found = await unlessAbsent(s3.send(new GetBucketTaggingCommand(guard)));
  if ((found?.TagSet ?? []).length === 0) {
    const TagSet = [{ Key: "infer-deploy:managed-by", Value: "infer-deploy" }];
    await s3.send(new PutBucketTaggingCommand({ ...guard, Tagging: { TagSet } }));
  }
}

async function expireOldVersions(s3: Bucket, guard: Guard): Promise<void> {
  const found = await unlessAbsent(s3.send(new GetBucketLifecycleConfigurationCommand(guard)));
  if ((found?.Rules ?? []).length === 0) {
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        ...guard,
        LifecycleConfiguration: {
          Rules: [
            {
              ID: "expire-old-versions",
              Status: "Enabled",
              Filter: { Prefix: "" },
              NoncurrentVersionExpiration: { NoncurrentDays: 90 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            },
          ],
        },
      }),
    );
  }
}

async function demandTls(s3: Bucket, guard: Guard, partition: string): Promise<void> {
  const found = await unlessAbsent(s3.send(new GetBucketPolicyCommand(guard)));
  const policy = withTlsOnly(found?.Policy, `arn:${partition}:s3:::${guard.Bucket}`);
  if (policy !== undefined) {
    await s3.send(new PutBucketPolicyCommand({ ...guard, Policy: policy }));
  }
}

/** S3 answers with an error when nothing was set. */
async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && absent.has(error.name)) {
      return undefined;
    }
    throw error;
  }
}

const closed = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

const absent = new Set([
  "NoSuchPublicAccessBlockConfiguration",
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchTagSet",
  "NoSuchLifecycleConfiguration",
  "NoSuchBucketPolicy",
]);
