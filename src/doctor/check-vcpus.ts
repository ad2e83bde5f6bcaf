import type { AwsClients } from "../aws/clients.ts";
import { readQuota, spotQuota, vcpuQuota, type QuotaName } from "../aws/account/quotas.ts";
import { runningTypes, vcpusOf } from "../aws/account/running-vcpus.ts";
import type { SpotSettings } from "../config/schema/fleet/instances.ts";
import type { Need } from "./account.ts";
import { failed, unknown, type Finding } from "./finding.ts";
import { judgeQuota } from "./judge-quotas.ts";

/**
 * The quotas of the vCPUs: that of the preferred type, because AWS starts the others only where it has no capacity, and for Spot Instances,
 * which may be of any type, those of all types.
 */
export async function checkVcpus(
  aws: Pick<AwsClients, "ec2" | "serviceQuotas">,
  { instanceTypes, spot, starts, doubles }: Need,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const up = splitSpot(spot, starts);
  const release = splitSpot(spot, doubles);
  const [first = ""] = instanceTypes;
  const ask = async (
    purchase: "on-demand" | "spot",
    quota: QuotaName | undefined,
    type: string,
  ): Promise<Finding> => {
    if (quota === undefined) return unknown("quota vCPUs", `${type} is of no known family`);
    const quotaOf = purchase === "spot" ? spotQuota : vcpuQuota;
    const own = instanceTypes.filter((one) => quotaOf(one)?.code === quota.code);
    const counts = { up: up[purchase], release: release[purchase] };
    return checkQuota(aws, { purchase, quota, quotaOf, types: own, counts }, signal);
  };
  const spotTypes = spot === null ? [] : firstOfEach(instanceTypes, (one) => spotQuota(one)?.code);
  return Promise.all([
    ...(up["on-demand"] + release["on-demand"] === 0
      ? []
      : [ask("on-demand", vcpuQuota(first), first)]),
    ...spotTypes.map(async (type) => ask("spot", spotQuota(type), type)),
  ]);
}

interface QuotaQuestion {
  readonly purchase: "on-demand" | "spot";
  readonly quota: QuotaName;
  readonly quotaOf: typeof vcpuQuota;
  /** The stack's types that count against it. */
  readonly types: readonly string[];
  /** Instances. */
  readonly counts: { readonly up: number; readonly release: number };
}

/** With the largest of the types, because any of them may start. */
async function checkQuota(
  aws: Pick<AwsClients, "ec2" | "serviceQuotas">,
  { purchase, quota, quotaOf, types, counts }: QuotaQuestion,
  signal: AbortSignal,
): Promise<Finding> {
  const ec2 = await aws.ec2();
  const [value, running] = await Promise.all([
    readQuota(await aws.serviceQuotas(), quota, signal),
    runningTypes(ec2, purchase, signal),
  ]);
  const counted = [...running].filter(([type]) => quotaOf(type)?.code === quota.code);
  const asked = [...new Set([...types, ...counted.map(([type]) => type)])];
  const vcpus = await vcpusOf(ec2, asked, signal);
  const used = counted.reduce((sum, [type, count]) => sum + count * (vcpus.get(type) ?? 0), 0);
  const missing = types.find((type) => !vcpus.has(type));
  if (missing !== undefined) {
    return failed(
      quota.title,
      `EC2 does not know ${missing} in this region`,
      "choose another instances.type in infer-deploy.yml",
    );
  }
  const each = Math.max(...types.map((type) => vcpus.get(type) ?? 0));
  return judgeQuota({ quota, value, used, up: counts.up * each, release: counts.release * each });
}

/** Of a colour's instances, as Auto Scaling counts: the base is On-Demand, and of the rest it rounds the Spot share down. */
function splitSpot(
  spot: SpotSettings | null,
  count: number,
): { readonly "on-demand": number; readonly spot: number } {
  const above = spot === null ? 0 : Math.max(0, count - spot.base);
  const ofSpot = Math.floor((above * (spot?.share ?? 0)) / 100);
  return { "on-demand": count - ofSpot, spot: ofSpot };
}

/** The first type of each quota. */
function firstOfEach(
  types: readonly string[],
  codeOf: (type: string) => string | undefined,
): readonly string[] {
  const codes = types.map(codeOf);
  return types.filter((_, index) => codes.indexOf(codes[index]) === index);
}
