import type { ACMClient } from "@aws-sdk/client-acm";
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import type { Route53Client } from "@aws-sdk/client-route-53";
import type { S3Client } from "@aws-sdk/client-s3";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { STSClient } from "@aws-sdk/client-sts";

/** One client for each service, created at first use: importing them all would cost a verb about 300 ms. */
export interface AwsClients {
  /** The requested profile, for messages. */
  readonly profile?: string;
  /** Of the stack's region, or of another one: a certificate belongs to one region. */
  readonly acm: (region?: string) => Promise<ACMClient>;
  readonly autoScaling: () => Promise<AutoScalingClient>;
  readonly cloudWatch: () => Promise<CloudWatchClient>;
  readonly cloudWatchLogs: () => Promise<CloudWatchLogsClient>;
  readonly ec2: () => Promise<EC2Client>;
  readonly ecr: () => Promise<ECRClient>;
  readonly iam: () => Promise<IAMClient>;
  readonly loadBalancing: () => Promise<ElasticLoadBalancingV2Client>;
  readonly route53: () => Promise<Route53Client>;
  readonly s3: () => Promise<S3Client>;
  readonly serviceQuotas: () => Promise<ServiceQuotasClient>;
  readonly ssm: () => Promise<SSMClient>;
  readonly sts: () => Promise<STSClient>;
  readonly tagging: () => Promise<ResourceGroupsTaggingAPIClient>;
}

/** Settings that the SDK would otherwise read from this process's environment. */
export interface AwsSettings {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export function createAwsClients(settings: AwsSettings): AwsClients {
  const options = {
    region: settings.region,
    maxAttempts: 5,
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
  };
  return {
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    acm: onceEach(
      async (region = options.region) =>
        new (await import("@aws-sdk/client-acm")).ACMClient({ ...options, region }),
    ),
    autoScaling: once(
      async () => new (await import("@aws-sdk/client-auto-scaling")).AutoScalingClient(options),
    ),
    cloudWatch: once(
      async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatchClient(options),
    ),
    cloudWatchLogs: once(
      async () =>
        new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogsClient(options),
    ),
    ec2: once(async () => new (await import("@aws-sdk/client-ec2")).EC2Client(options)),
    ecr: once(async () => new (await import("@aws-sdk/client-ecr")).ECRClient(options)),
    iam: once(async () => new (await import("@aws-sdk/client-iam")).IAMClient(options)),
    loadBalancing: once(
      async () =>
        new (
          await import("@aws-sdk/client-elastic-load-balancing-v2")
        ).ElasticLoadBalancingV2Client(options),
    ),
    route53: once(
      async () => new (await import("@aws-sdk/client-route-53")).Route53Client(options),
    ),
    s3: once(
      async () =>
        // A bucket on an endpoint without wildcard DNS is only reachable by path.
        new (await import("@aws-sdk/client-s3")).S3Client({
          ...options,
          forcePathStyle: settings.endpoint !== undefined,
        }),
    ),
    serviceQuotas: once(
      async () => new (await import("@aws-sdk/client-service-quotas")).ServiceQuotasClient(options),
    ),
    ssm: once(async () => new (await import("@aws-sdk/client-ssm")).SSMClient(options)),
    sts: once(
      async () =>
        // Its only call is the first of every verb and must not take long, even when it fails.
        new (await import("@aws-sdk/client-sts")).STSClient({ ...options, maxAttempts: 1 }),
    ),
    tagging: once(
      async () =>
        new (
          await import("@aws-sdk/client-resource-groups-tagging-api")
        ).ResourceGroupsTaggingAPIClient(options),
    ),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function onceEach<T>(make: (region?: string) => Promise<T>): (region?: string) => Promise<T> {
  const made = new Map<string | undefined, Promise<T>>();
  return async (region) => {
    const found = made.get(region) ?? make(region);
    made.set(region, found);
    return found;
  };
}
