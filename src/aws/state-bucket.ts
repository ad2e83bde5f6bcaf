import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CommandError } from "../errors.ts";

/**
 * Makes the state bucket what it must be: versioned, encrypted, TLS only, closed to the public.
 * Every call is idempotent and all of them run each time, so a run that was killed half-way is completed by the next.
 * Throws CommandError when the name belongs to another account.
 */
export async function ensureStateBucket(
  s3: Pick<S3Client, "send">,
  bucket: string,
  region: string,
  account: string,
): Promise<void> {
  await createBucket(s3, bucket, region, account);
  const guard = { Bucket: bucket, ExpectedBucketOwner: account };
  await Promise.all([
    s3.send(
      new PutPublicAccessBlockCommand({
        ...guard,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      }),
    ),
    s3.send(
      new PutBucketVersioningCommand({ ...guard, VersioningConfiguration: { Status: "Enabled" } }),
    ),
    s3.send(
      new PutBucketEncryptionCommand({
        ...guard,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
      }),
    ),
    s3.send(
      new PutBucketTaggingCommand({
        ...guard,
        Tagging: { TagSet: [{ Key: "infer-deploy:managed-by", Value: "infer-deploy" }] },
      }),
    ),
    s3.send(
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
    ),
    s3.send(
      new PutBucketPolicyCommand({ ...guard, Policy: JSON.stringify(tlsOnlyPolicy(bucket)) }),
    ),
  ]);
}

async function createBucket(
  s3: Pick<S3Client, "send">,
  bucket: string,
  region: string,
  account: string,
): Promise<void> {
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        // us-east-1 is the one region that refuses to be named as a location constraint.
        ...(region === "us-east-1"
          ? {}
          : {
              CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
            }),
      }),
    );
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name !== "BucketAlreadyOwnedByYou" && name !== "BucketAlreadyExists") {
      throw error;
    }
    await s3
      .send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }))
      .catch((cause: unknown) => {
        throw new CommandError(
          `The state bucket ${bucket} exists, but not in account ${account}.`,
          {
            why: "bucket names are shared by all AWS accounts, and another one took this name",
            next: "contact its owner, or deploy in another region",
            cause,
          },
        );
      });
  }
}

function tlsOnlyPolicy(bucket: string): unknown {
  const partitionFree = `arn:aws:s3:::${bucket}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [partitionFree, `${partitionFree}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
