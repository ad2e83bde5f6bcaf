import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { nameStack } from "../stack/names.ts";
import { infrastructurePermissions } from "./infrastructure-permissions.ts";
import { releasePermissions } from "./release-permissions.ts";

const place = {
  partition: "aws",
  region: "eu-west-1",
  account: "111122223333",
  bucket: "bucket",
  names: nameStack("app", "production", "eu-west-1"),
};
const actions = [...releasePermissions(place), ...infrastructurePermissions(place)].flatMap(
  (statement) => statement.actions,
);

test("the policy for everything has every call that this program makes itself", () => {
  const calls = sourceCalls();
  expect(calls.length).toBeGreaterThan(50);
  expect(calls.filter((call) => !actions.some((action) => allows(action, call)))).toEqual([]);
});

test("no action is listed in two statements with the same reach", () => {
  const wide = actions.filter((action) => action.endsWith("*"));
  expect(wide).toEqual(["ec2:Describe*", "elasticloadbalancing:Describe*"]);
});

/** Each `new XyzCommand` of the sources, as policies call it. */
function sourceCalls(): readonly string[] {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = globSync("**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
  const found = files.flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, "utf8");
    const imports = [...text.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g)];
    return imports.flatMap(([, names = "", service = ""]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name.endsWith("Command") && text.includes(`new ${name}(`))
        .map((name) => actionOf(service, name.replace(/Command$/, ""))),
    );
  });
  // AWS lets every identity ask who it is.
  return [...new Set(found)].filter((call) => call !== "sts:GetCallerIdentity").toSorted();
}

function actionOf(service: string, operation: string): string {
  const prefix = prefixes[service] ?? service;
  return `${prefix}:${(service === "s3" ? s3Actions[operation] : undefined) ?? operation}`;
}

function allows(action: string, call: string): boolean {
  return action.endsWith("*") ? call.startsWith(action.slice(0, -1)) : action === call;
}

/** IAM's prefixes where they differ from the client's name (Service Authorization Reference). */
const prefixes: Readonly<Record<string, string>> = {
  "auto-scaling": "autoscaling",
  "cloudwatch-logs": "logs",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  "resource-groups-tagging-api": "tag",
  "route-53": "route53",
  "service-quotas": "servicequotas",
};

/** S3's operations that policies know by another name (Service Authorization Reference). */
const s3Actions: Readonly<Record<string, string>> = {
  DeleteObjects: "DeleteObject",
  GetBucketEncryption: "GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  HeadBucket: "ListBucket",
  HeadObject: "GetObject",
  ListObjectsV2: "ListBucket",
  PutBucketEncryption: "PutEncryptionConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
};
