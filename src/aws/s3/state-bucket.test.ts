import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { createBucket } from "./bucket.ts";
import { ensureStateBucket } from "./state-bucket.ts";

interface BucketOptions {
  /** Left out, the bucket does not exist yet. */
  readonly owner?: string;
  /** Requests that a new bucket does not answer yet. */
  readonly unknownFor?: number;
  readonly mayCreate?: boolean;
  /** The process dies after this many changes. */
  readonly diesAfter?: number;
  /** Another run's setting that S3 never ends. */
  readonly isBusy?: boolean;
}

/**
 * A bucket as S3 keeps it: each setting is what was put last, and asking for one that was never put is an error with S3's name for it. Two
 * changes at once are refused with OperationAborted, and every request that expects another owner with 403. `puts` has the names of the
 * settings that were written.
 */
function fakeBucket(settings: Record<string, unknown> = {}, options: BucketOptions = {}) {
  const puts: string[] = [];
  const slept: number[] = [];
  let { owner, unknownFor = 0 } = options;
  let changing = 0;
  let changes = 0;
  const change = async (effect: () => void): Promise<object> => {
    if (changing > 0 || options.isBusy === true) {
      throw awsFailure("OperationAborted", "A conflicting conditional operation is in progress");
    }
    if (changes === options.diesAfter) throw new Error("killed");
    changes += 1;
    changing += 1;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    changing -= 1;
    effect();
    return {};
  };
  const missing: Readonly<Record<string, string>> = {
    PublicAccessBlock: "NoSuchPublicAccessBlockConfiguration",
    BucketEncryption: "ServerSideEncryptionConfigurationNotFoundError",
    BucketTagging: "NoSuchTagSet",
    BucketLifecycleConfiguration: "NoSuchLifecycleConfiguration",
    BucketPolicy: "NoSuchBucketPolicy",
  };
  const send = async (command: { readonly input: Record<string, unknown> }): Promise<object> => {
    const name = command.constructor.name.replace(/Command$/, "");
    const { ExpectedBucketOwner: expected } = command.input;
    if (name === "CreateBucket") {
      if (owner !== undefined) {
        throw awsFailure(
          owner === ada.account ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists",
          "not again",
        );
      }
      if (options.mayCreate === false) throw awsFailure("AccessDenied", "s3:CreateBucket");
      return change(() => {
        owner = ada.account;
      });
    }
    if (owner === undefined)
      throw awsFailure(name === "HeadBucket" ? "NotFound" : "NoSuchBucket", "");
    if (owner !== expected) throw awsFailure("403", "");
    if (name === "HeadBucket") return {};
    unknownFor -= 1;
    if (unknownFor >= 0) throw awsFailure("NoSuchBucket", "not known here yet");
    const setting = name.replace(/^(?:Get|Put)/, "");
    if (name.startsWith("Put")) {
      const { Bucket: _, ExpectedBucketOwner: __, ...rest } = command.input;
      return change(() => {
        puts.push(setting);
        settings[setting] = rest;
      });
    }
    const found = settings[setting];
    if (found === undefined && missing[setting] !== undefined) {
      throw awsFailure(missing[setting], "nothing there");
    }
    // What a put wraps, a get answers bare.
    const { VersioningConfiguration, LifecycleConfiguration, Tagging, ...rest } = (found ??
      {}) as Record<string, object | undefined>;
    return { ...rest, ...VersioningConfiguration, ...LifecycleConfiguration, ...Tagging };
  };
  const s3 = { send } as unknown as Parameters<typeof ensureStateBucket>[0];
  const ensure = async (identity = ada): Promise<string | undefined> =>
    ensureStateBucket(s3, "state", region, identity, async (milliseconds) => {
      slept.push(milliseconds);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    });
  return { puts, settings, slept, ensure };
}

const region = "eu-west-1";
const ada = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/ada" };

test("a new bucket gets everything, and a second run writes nothing", async () => {
  const { puts, ensure } = fakeBucket();
  await ensure();
  expect(puts.toSorted()).toEqual([
    "BucketEncryption",
    "BucketLifecycleConfiguration",
    "BucketPolicy",
    "BucketTagging",
    "BucketVersioning",
    "PublicAccessBlock",
  ]);
  puts.length = 0;
  await ensure();
  expect(puts).toEqual([]);
});

test.each([0, 1, 2, 3, 4, 5, 6])(
  "a run that was killed after %i changes is completed by the next",
  async (diesAfter) => {
    const whole = fakeBucket();
    await whole.ensure();
    const killed = fakeBucket({}, { diesAfter });
    await expect(killed.ensure()).rejects.toThrow("killed");
    const next = fakeBucket(killed.settings, diesAfter === 0 ? {} : { owner: ada.account });
    await next.ensure();
    expect(next.settings).toEqual(whole.settings);
    // Creating the bucket is the first change.
    expect([...killed.puts, ...next.puts].toSorted()).toEqual(whole.puts.toSorted());
  },
);

test("a user's own encryption, lifecycle and tags stay", async () => {
  const kms = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/team" };
  const { puts, ensure } = fakeBucket({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: kms }] },
    },
    BucketLifecycleConfiguration: { LifecycleConfiguration: { Rules: [{ ID: "ours" }] } },
    BucketTagging: { Tagging: { TagSet: [{ Key: "team", Value: "ml" }] } },
  });
  await ensure();
  expect(puts.toSorted()).toEqual(["BucketPolicy", "BucketVersioning", "PublicAccessBlock"]);
});

test.each([
  [{ SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:key" }, "arn:key"],
  [{ SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:aws:kms:eu-west-1:1:alias/aws/s3" }, undefined],
  [{ SSEAlgorithm: "aws:kms" }, undefined],
  [{ SSEAlgorithm: "AES256" }, undefined],
])("of the encryption %j the user's own key is %s", async (rule, key) => {
  const Rules = [{ ApplyServerSideEncryptionByDefault: rule }];
  const { ensure } = fakeBucket(
    { BucketEncryption: { ServerSideEncryptionConfiguration: { Rules } } },
    { owner: ada.account },
  );
  expect(await ensure()).toBe(key);
});

test("what makes the state safe is enforced where it was weakened", async () => {
  const { puts, ensure, settings } = fakeBucket();
  await ensure();
  puts.length = 0;
  settings["BucketVersioning"] = { VersioningConfiguration: { Status: "Suspended" } };
  settings["PublicAccessBlock"] = { PublicAccessBlockConfiguration: { BlockPublicAcls: true } };
  settings["BucketPolicy"] = { Policy: JSON.stringify({ Statement: [] }) };
  await ensure();
  expect(puts.toSorted()).toEqual(["BucketPolicy", "BucketVersioning", "PublicAccessBlock"]);
});

test.each(["aws", "aws-cn", "aws-us-gov", "aws-eusc"])(
  "the policy is in the partition of the caller: %s",
  async (partition) => {
    const { ensure, settings } = fakeBucket();
    await ensure({ ...ada, arn: `arn:${partition}:iam::1:user/a` });
    expect(JSON.stringify(settings["BucketPolicy"])).toContain(`arn:${partition}:s3:::state/*`);
  },
);

test("two first runs at once both end well, and each setting is made once at a time", async () => {
  const { ensure, puts } = fakeBucket();
  await Promise.all([ensure(), ensure()]);
  expect(new Set(puts).size).toBe(6);
});

test("a new bucket that is not known everywhere yet is waited for", async () => {
  const { ensure, puts, slept } = fakeBucket({}, { unknownFor: 5 });
  await ensure();
  expect(puts).toHaveLength(6);
  expect(slept).toEqual([1000, 1000, 1000, 1000, 1000]);
});

test("S3 that stays busy ends it after a minute, with S3's word and the next step", async () => {
  const { ensure, slept } = fakeBucket({}, { isBusy: true });
  await expect(ensure()).rejects.toMatchObject({
    message: "S3 is still busy with the state bucket state.",
    why: expect.stringContaining("OperationAborted"),
    next: expect.stringContaining("run the same command again"),
  });
  expect(slept).toHaveLength(60);
});

test("without the right to create buckets, one that exists is enough", async () => {
  const { ensure, puts } = fakeBucket({}, { owner: ada.account, mayCreate: false });
  await ensure();
  expect(puts).toHaveLength(6);
  await expect(fakeBucket({}, { mayCreate: false }).ensure()).rejects.toThrow("s3:CreateBucket");
});

test("a name with the namespace's ending is created in the account's namespace, and no other", async () => {
  const created: unknown[] = [];
  const s3 = {
    send: async (command: { readonly input: unknown }) => {
      if (command instanceof HeadBucketCommand) throw awsFailure("NotFound", "");
      created.push(command.input);
      return {};
    },
  } as unknown as Parameters<typeof createBucket>[0];
  await createBucket(s3, "state-123456789012-eu-west-1-an", region, ada.account);
  await createBucket(s3, "state-123456789012-me-south-1", "me-south-1", ada.account);
  expect(created).toEqual([
    expect.objectContaining({ BucketNamespace: "account-regional" }),
    expect.not.objectContaining({ BucketNamespace: expect.anything() }),
  ]);
});

test("a bucket of another account is not touched", async () => {
  const { ensure, puts } = fakeBucket({}, { owner: "999999999999" });
  await expect(ensure()).rejects.toMatchObject({
    message: "The state bucket state exists, but not in account 123456789012.",
  });
  expect(puts).toEqual([]);
});
