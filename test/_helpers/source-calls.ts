import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./cli.ts";
import { budgetAction } from "./policy-requests.ts";

/** Each `new XyzCommand` of the sources, as policies call it. */
export function sourceCalls(): readonly string[] {
  const root = join(repository, "src");
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
  return budgetAction(
    `${prefix}:${(service === "s3" ? s3Actions[operation] : undefined) ?? operation}`,
  );
}

/** IAM's prefixes where they differ from the client's name (Service Authorization Reference). */
const prefixes: Readonly<Record<string, string>> = {
  "auto-scaling": "autoscaling",
  "cloudwatch-logs": "logs",
  "cost-explorer": "ce",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  "resource-groups-tagging-api": "tag",
  "route-53": "route53",
  "secrets-manager": "secretsmanager",
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
