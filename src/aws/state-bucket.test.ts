import { expect, test } from "vitest";
import { ensureStateBucket } from "./state-bucket.ts";

/**
 * A bucket as S3 keeps it: each setting is what was put last, and asking for one that was never put is an error with S3's name for it.
 * `puts` has the names of the settings that were written.
 */
function fakeBucket(settings: Record<string, unknown> = {}) {
  const puts: string[] = [];
  const missing: Readonly<Record<string, string>> = {
    PublicAccessBlock: "NoSuchPublicAccessBlockConfiguration",
    BucketEncryption: "ServerSideEncryptionConfigurationNotFoundError",
    BucketTagging: "NoSuchTagSet",
    BucketLifecycleConfiguration: "NoSuchLifecycleConfiguration",
    BucketPolicy: "NoSuchBucketPolicy",
  };
  const s3 = {
    send: async (command: { readonly input: Record<string, unknown> }) => {
      const name = command.constructor.name.replace(/Command$/, "");
      const setting = name.replace(/^(?:Get|Put)/, "");
      if (name.startsWith("Put")) {
        const { Bucket: _, ExpectedBucketOwner: __, ...rest } = command.input;
        puts.push(setting);
        settings[setting] = rest;
        return {};
      }
      if (!name.startsWith("Get")) {
        return {};
      }
      const found = settings[setting];
      if (found === undefined && missing[setting] !== undefined) {
        throw Object.assign(new Error("nothing there"), { name: missing[setting] });
      }
      // What a put wraps, a get answers bare.
      const { VersioningConfiguration, LifecycleConfiguration, Tagging, ...rest } = (found ??
        {}) as Record<string, object | undefined>;
      return { ...rest, ...VersioningConfiguration, ...LifecycleConfiguration, ...Tagging };
    },
  };
  return { puts, settings, s3: s3 as unknown as Parameters<typeof ensureStateBucket>[0] };
}

const region = "eu-west-1";
const ada = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/ada" };

test("a new bucket gets everything, and a second run writes nothing", async () => {
  const { puts, s3 } = fakeBucket();
  await ensureStateBucket(s3, "state", region, ada);
  expect(puts.toSorted()).toEqual([
    "BucketEncryption",
    "BucketLifecycleConfiguration",
    "BucketPolicy",
    "BucketTagging",
    "BucketVersioning",
    "PublicAccessBlock",
  ]);
  puts.length = 0;
  await ensureStateBucket(s3, "state", region, ada);
  expect(puts).toEqual([]);
});

test("a user's own encryption, lifecycle and tags stay", async () => {
  const kms = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/team" };
  const { puts, s3 } = fakeBucket({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: kms }] },
    },
    BucketLifecycleConfiguration: { LifecycleConfiguration: { Rules: [{ ID: "ours" }] } },
    BucketTagging: { Tagging: { TagSet: [{ Key: "team", Value: "ml" }] } },
  });
  await ensureStateBucket(s3, "state", region, ada);
  expect(puts.toSorted()).toEqual(["BucketPolicy", "BucketVersioning", "PublicAccessBlock"]);
});

test("what makes the state safe is enforced where it was weakened", async () => {
  const { puts, s3, settings } = fakeBucket();
  await ensureStateBucket(s3, "state", region, ada);
  puts.length = 0;
  settings["BucketVersioning"] = { VersioningConfiguration: { Status: "Suspended" } };
  settings["PublicAccessBlock"] = { PublicAccessBlockConfiguration: { BlockPublicAcls: true } };
  settings["BucketPolicy"] = { Policy: JSON.stringify({ Statement: [] }) };
  await ensureStateBucket(s3, "state", region, ada);
  expect(puts.toSorted()).toEqual(["BucketPolicy", "BucketVersioning", "PublicAccessBlock"]);
});

test.each(["aws", "aws-cn", "aws-us-gov", "aws-eusc"])(
  "the policy is in the partition of the caller: %s",
  async (partition) => {
    const { s3, settings } = fakeBucket();
    await ensureStateBucket(s3, "state", region, { ...ada, arn: `arn:${partition}:iam::1:user/a` });
    expect(JSON.stringify(settings["BucketPolicy"])).toContain(`arn:${partition}:s3:::state/*`);
  },
);
