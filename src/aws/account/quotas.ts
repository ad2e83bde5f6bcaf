import { GetServiceQuotaCommand, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";

/** A quota of the account in a region, as Service Quotas names it. */
export interface QuotaName {
  readonly service: string;
  readonly code: string;
  readonly title: string;
}

/** VPCs per region. */
export const vpcQuota: QuotaName = { service: "vpc", code: "L-F678F1CE", title: "VPCs" };

/** Elastic IP addresses, of which each NAT gateway needs one. */
export const addressQuota: QuotaName = {
  service: "ec2",
  code: "L-0263D0A3",
  title: "Elastic IP addresses",
};

/**
 * The quota on running On-Demand vCPUs that an instance type counts against; undefined for a family that is not listed.
 * Source: Amazon EC2 user guide, "Amazon EC2 instance type quotas".
 */
export function vcpuQuota(instanceType: string): QuotaName | undefined {
  const found = rowOf(instanceType);
  return found === undefined
    ? undefined
    : { service: "ec2", code: found.code, title: `vCPUs of running ${found.title} instances` };
}

/** The same for Spot Instances. Source: Amazon EC2 user guide, "Spot Instance quotas". */
export function spotQuota(instanceType: string): QuotaName | undefined {
  const found = rowOf(instanceType);
  return found?.spotCode === undefined
    ? undefined
    : { service: "ec2", code: found.spotCode, title: `vCPUs of ${found.title} Spot Instances` };
}

function rowOf(instanceType: string): QuotaRow | undefined {
  const family = /^(?:[a-z]+)/.exec(instanceType)?.[0] ?? "";
  return vcpuQuotas.find(({ families }) => families.includes(family));
}

/** The quota's value; undefined when Service Quotas does not know it in this region. */
export async function readQuota(
  quotas: Pick<ServiceQuotasClient, "send">,
  { service, code }: QuotaName,
  abortSignal: AbortSignal,
): Promise<number | undefined> {
  try {
    const { Quota } = await quotas.send(
      new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }),
      { abortSignal },
    );
    return Quota?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchResourceException") return undefined;
    throw error;
  }
}

interface QuotaRow {
  readonly code: string;
  /** Left out where it is not known. */
  readonly spotCode?: string;
  readonly title: string;
  readonly families: readonly string[];
}

const vcpuQuotas: readonly QuotaRow[] = [
  {
    code: "L-1216C47A",
    spotCode: "L-34B43A08",
    title: "standard (A, C, D, H, I, M, R, T, Z)",
    families: ["a", "c", "d", "h", "i", "im", "is", "m", "mac", "r", "t", "z"],
  },
  { code: "L-DB2E81BA", spotCode: "L-3819A6DF", title: "G and VT", families: ["g", "gr", "vt"] },
  { code: "L-417A185B", spotCode: "L-7212CCBC", title: "P", families: ["p"] },
  { code: "L-1945791B", title: "Inf", families: ["inf"] },
  { code: "L-2C3B7624", title: "Trn", families: ["trn"] },
  { code: "L-74FC7D96", title: "F", families: ["f"] },
  { code: "L-7295265B", title: "X", families: ["x"] },
  { code: "L-6E869C2A", title: "DL", families: ["dl"] },
  { code: "L-F7808C92", title: "HPC", families: ["hpc"] },
];
