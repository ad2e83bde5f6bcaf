import type { Config } from "../config/schema/config.ts";
import type { Reporter } from "../report/reporter.ts";
import { nameStack } from "../stack/names.ts";

export interface PrepareBucketDeps {
  readonly config: Pick<Config, "environment" | "name" | "region">;
  /** Makes the state bucket unless it exists. Resolves to the user's own KMS key that encrypts it, if there is one. */
  readonly ensureBucket: () => Promise<string | undefined>;
  readonly reporter: Pick<Reporter, "notify">;
}

/**
 * Makes the state bucket unless it exists. With a key of the user's, S3 asks KMS in the name of the one who reads or writes
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms), and the instances' role may do neither.
 */
export async function prepareBucket({
  config: { name, environment, region },
  ensureBucket,
  reporter,
}: PrepareBucketDeps): Promise<void> {
  const key = await ensureBucket();
  if (key === undefined) return;
  const role = nameStack(name, environment, region).instance_role;
  const text = `the state bucket is encrypted with your own key ${key}: without kms:Decrypt and kms:GenerateDataKey for the role ${role} in that key's policy, no instance can read its release`;
  reporter.notify({ type: "warning", text });
}
