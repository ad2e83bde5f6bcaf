import type { ACMClient } from "@aws-sdk/client-acm";
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { BudgetsClient } from "@aws-sdk/client-budgets";
import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { PricingClient } from "@aws-sdk/client-pricing";
import type { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import type { Route53Client } from "@aws-sdk/client-route-53";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { STSClient } from "@aws-sdk/client-sts";
import type { WAFV2Client } from "@aws-sdk/client-wafv2";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Keys } from "./credentials/keyring.ts";
import type { WatchedClient } from "./watch-calls.ts";

/** One client for each service, created at first use: importing them all would cost a verb about 300 ms. */
export interface AwsClients {
  /** Of the stack's region, or of another one: a certificate belongs to one region. */
  readonly acm: (region?: string) => Promise<ACMClient>;
  readonly autoScaling: () => Promise<AutoScalingClient>;
  readonly budgets: () => Promise<BudgetsClient>;
  readonly cloudFront: () => Promise<CloudFrontClient>;
  readonly cloudWatch: () => Promise<CloudWatchClient>;
  readonly cloudWatchLogs: () => Promise<CloudWatchLogsClient>;
  readonly costExplorer: () => Promise<CostExplorerClient>;
  readonly ec2: () => Promise<EC2Client>;
  readonly ecr: () => Promise<ECRClient>;
  readonly iam: () => Promise<IAMClient>;
  readonly loadBalancing: () => Promise<ElasticLoadBalancingV2Client>;
  /** In a region that has AWS's price list. It makes one attempt, because an estimate does not wait. */
  readonly pricing: () => Promise<PricingClient>;
  readonly route53: () => Promise<Route53Client>;
  readonly s3: () => Promise<S3Client>;
  readonly secretsManager: () => Promise<SecretsManagerClient>;
  readonly serviceQuotas: () => Promise<ServiceQuotasClient>;
  readonly sns: () => Promise<SNSClient>;
  readonly ssm: () => Promise<SSMClient>;
  /** `region`: another one than the stack's. */
  readonly sts: (region?: string) => Promise<STSClient>;
  readonly tagging: () => Promise<ResourceGroupsTaggingAPIClient>;
  readonly waf: () => Promise<WAFV2Client>;
}

/** Settings that the SDK would otherwise read from this process's environment. */
export interface AwsSettings {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  /** Without them, the SDK finds its own. */
  readonly credentials?: Keys | (() => Promise<Keys>);
  readonly requestHandler?: NodeHttpHandler;
  /** Called with each client before its first call. */
  readonly watch?: (client: WatchedClient) => void;
}

export function createAwsClients(settings: AwsSettings): AwsClients {
  const { watch, ...given } = settings;
  const options = { maxAttempts: 5, ...given };
  const open = <T extends WatchedClient>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () =>
      (made ??= make().then((client) => {
        watch?.(client);
        return client;
      }));
  };
  return {
    acm: async (region = settings.region) =>
      new (await import("@aws-sdk/client-acm")).ACMClient({ ...options, region }),
    autoScaling: open(
      async () => new (await import("@aws-sdk/client-auto-scaling")).AutoScalingClient(options),
    ),
    budgets: open(async () => new (await import("@aws-sdk/client-budgets")).BudgetsClient(options)),
    cloudFront: open(
      async () => new (await import("@aws-sdk/client-cloudfront")).CloudFrontClient(options),
    ),
    cloudWatch: open(
      async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatchClient(options),
    ),
    cloudWatchLogs: open(
      async () =>
        new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogsClient(options),
    ),
    costExplorer: open(
      async () => new (await import("@aws-sdk/client-cost-explorer")).CostExplorerClient(options),
    ),
    ec2: open(async () => new (await import("@aws-sdk/client-ec2")).EC2Client(options)),
    ecr: open(async () => new (await import("@aws-sdk/client-ecr")).ECRClient(options)),
    iam: open(async () => new (await import("@aws-sdk/client-iam")).IAMClient(options)),
    loadBalancing: open(
      async () =>
        new (
          await import("@aws-sdk/client-elastic-load-balancing-v2")
        ).ElasticLoadBalancingV2Client(options),
    ),
    pricing: open(
      async () =>
        new (await import("@aws-sdk/client-pricing")).PricingClient({
          ...options,
          maxAttempts: 1,
          region: pricingRegion(settings.region),
        }),
    ),
    route53: open(
      async () => new (await import("@aws-sdk/client-route-53")).Route53Client(options),
    ),
    s3: open(
      async () =>
        // A bucket on an endpoint without wildcard DNS is only reachable by path.
        new (await import("@aws-sdk/client-s3")).S3Client({
          ...options,
          forcePathStyle: settings.endpoint !== undefined,
        }),
    ),
    secretsManager: open(
      async () =>
        new (await import("@aws-sdk/client-secrets-manager")).SecretsManagerClient(options),
    ),
    serviceQuotas: open(
      async () => new (await import("@aws-sdk/client-service-quotas")).ServiceQuotasClient(options),
    ),
    sns: open(async () => new (await import("@aws-sdk/client-sns")).SNSClient(options)),
    ssm: open(async () => new (await import("@aws-sdk/client-ssm")).SSMClient(options)),
    sts: async (region = settings.region) =>
      // Its only call is the first of every verb and must not take long, even when it fails.
      new (await import("@aws-sdk/client-sts")).STSClient({ ...options, region, maxAttempts: 2 }),
    tagging: open(
      async () =>
        new (
          await import("@aws-sdk/client-resource-groups-tagging-api")
        ).ResourceGroupsTaggingAPIClient(options),
    ),
    waf: open(async () => new (await import("@aws-sdk/client-wafv2")).WAFV2Client(options)),
  };
}

/** The nearest of the three regions whose answers have the prices of all. https://docs.aws.amazon.com/general/latest/gr/billing.html */
function pricingRegion(region: string): string {
  if (region.startsWith("eu-")) return "eu-central-1";
  return region.startsWith("ap-") ? "ap-south-1" : "us-east-1";
}
