import {
  CreateBucketCommand,
  HeadBucketCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CommandError } from "../errors/command-error.ts";

/** Creates a bucket unless the account has it. Throws CommandError when the name belongs to another account. */
export async function createBucket(
  s3: Pick<S3Client, "send">,
  bucket: string,
  region: string,
  account: string,
): Promise<void> {
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
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
    if (name !== "BucketAlreadyOwnedByYou" && name !== "BucketAlreadyExists") {
      throw error;
    }
    await s3
      .send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }))
      .catch((cause: unknown) => {
        throw new CommandError(
          `The state bucket ${bucket} exists, but not in account ${account}.`,
          {
            why: "all AWS accounts share bucket names, and another account has taken this one",
            next: "contact its owner, or deploy in another region",
            cause,
          },
        );
      });
  }
}
