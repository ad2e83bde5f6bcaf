import { packagedInstanceHour } from "./instance-table.ts";
import type { Price, RegionalPrice } from "./prices.ts";

/** When the tables of this folder were written. AWS changes list prices rarely, and then mostly downwards. */
export const tableDate = "November 2026";

/**
 * The packaged prices of a region and an instance type: AWS's public list prices as known on `tableDate`, without tax, discounts, tiers and the
 * free tier. What is not in the tables is null.
 */
export function packagedPrices(
  region: string,
  instanceType: string,
): Readonly<Record<RegionalPrice, Price>> {
  const row = regions[region];
  return {
    instance: packagedInstanceHour(region, instanceType),
    gp3_gb_month: row?.gp3 ?? null,
    // A MB/s above the free 125 costs half as much as a GB.
    gp3_throughput_month: row === undefined ? null : row.gp3 / 2,
    load_balancer: row?.balancer ?? null,
    lcu: row?.lcu ?? null,
    nat_gateway: row?.nat ?? null,
    // A NAT gateway costs the same for an hour and for a GB.
    nat_gb: row?.nat ?? null,
    endpoint: row?.endpoint ?? null,
    endpoint_gb: row === undefined ? null : 0.01,
  };
}

interface Row {
  /** A GB and month. https://aws.amazon.com/ebs/pricing/ */
  readonly gp3: number;
  /** An Application Load Balancer, an hour. https://aws.amazon.com/elasticloadbalancing/pricing/ */
  readonly balancer: number;
  readonly lcu: number;
  /** A NAT gateway, an hour. https://aws.amazon.com/vpc/pricing/ */
  readonly nat: number;
  /** An interface endpoint in one zone, an hour. https://aws.amazon.com/privatelink/pricing/ */
  readonly endpoint: number;
}

const regions: Readonly<Record<string, Row>> = {
  "us-east-1": rowOf(0.08, 0.0225, 0.008, 0.045, 0.01),
  "us-east-2": rowOf(0.08, 0.0225, 0.008, 0.045, 0.01),
  "us-west-1": rowOf(0.096, 0.0252, 0.008, 0.048, 0.011),
  "us-west-2": rowOf(0.08, 0.0225, 0.008, 0.045, 0.01),
  "ca-central-1": rowOf(0.088, 0.02475, 0.0088, 0.05, 0.011),
  "eu-central-1": rowOf(0.0952, 0.027, 0.008, 0.052, 0.012),
  "eu-north-1": rowOf(0.0836, 0.02394, 0.0076, 0.046, 0.011),
  "eu-west-1": rowOf(0.088, 0.0252, 0.008, 0.048, 0.011),
  "eu-west-2": rowOf(0.0928, 0.02646, 0.0084, 0.05, 0.011),
  "eu-west-3": rowOf(0.0928, 0.02646, 0.0084, 0.05, 0.011),
  "ap-northeast-1": rowOf(0.096, 0.0243, 0.008, 0.062, 0.014),
  "ap-northeast-2": rowOf(0.0912, 0.0225, 0.008, 0.059, 0.013),
  "ap-south-1": rowOf(0.0912, 0.0239, 0.008, 0.056, 0.013),
  "ap-southeast-1": rowOf(0.096, 0.0252, 0.008, 0.059, 0.013),
  "ap-southeast-2": rowOf(0.096, 0.0252, 0.008, 0.059, 0.013),
};

function rowOf(gp3: number, balancer: number, lcu: number, nat: number, endpoint: number): Row {
  return { gp3, balancer, lcu, nat, endpoint };
}
