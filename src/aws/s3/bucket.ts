import {
  CreateBucketCommand,
  HeadBucketCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CommandError } from "../../errors/command-error.ts";

/**
 * Creates a bucket unless the account has it: without the right to create one, a bucket that exists is enough.
 * Throws CommandError when the name belongs to another account, and the SDK's own errors.
 */
export async function createBucket(
  s3: Pick<S3Client, "send">,
  bucket: string,
  region: string,
  account: string,
): Promise<void> {
  if (await isOurs(s3, bucket, account)) {
    return;
  }
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        // S3 accepts this ending only with the header, and the header only with this ending.
        ...(bucket.endsWith("-an") ? { BucketNamespace: "account-regional" } : {}),
        // us-east-1 is the only region that S3 does not accept as a location constraint.
        ...(region === "us-east-1"
          ? {}
          : {
              CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
            }),
      }),
    );
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    // Another run of this account was faster, or the right to look at the bucket is missing.
    if (name === "BucketAlreadyOwnedByYou") {
      return;
    }
    if (name !== "BucketAlreadyExists") {
      throw error;
    }
    if (!(await isOurs(s3, bucket, account))) {
      throw new CommandError(`The state bucket ${bucket} exists, but not in account ${account}.`, {
        why: "all AWS accounts share bucket names, and another account has taken this one",
        next: "contact its owner, or deploy in another region",
        cause: error,
      });
    }
  }
}

/** S3's answer to HeadBucket has no body, so its errors have no words. Creating the bucket then fails with some. */
async function isOurs(
  s3: Pick<S3Client, "send">,
  bucket: string,
  account: string,
): Promise<boolean> {
  return s3
    .send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }))
    .then(() => true)
    .catch(() => false);
}
