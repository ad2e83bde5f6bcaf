/** What depends on the region or on the instance type, in USD, by the hour unless the name says otherwise. */
export const regionalPriceNames = [
  "instance",
  "gp3_gb_month",
  "gp3_throughput_month",
  "load_balancer",
  "lcu",
  "nat_gateway",
  "nat_gb",
  "endpoint",
  "endpoint_gb",
] as const;

export type RegionalPrice = (typeof regionalPriceNames)[number];

/** USD; null where it is not known, which is never taken for 0. */
export type Price = number | null;

/** The prices of one region and one instance type. */
export interface Prices {
  readonly usd: Readonly<Record<RegionalPrice, Price>>;
  /** Those that AWS's price list gave just now. The others are the packaged table's. */
  readonly listed: readonly RegionalPrice[];
}

/** `listed`: what AWS's price list gave; it counts before the table. */
export function withListed(
  table: Readonly<Record<RegionalPrice, Price>>,
  listed: Readonly<Partial<Record<RegionalPrice, number>>>,
): Prices {
  return {
    usd: { ...table, ...listed },
    listed: regionalPriceNames.filter((name) => listed[name] !== undefined),
  };
}

/** List prices that are the same in every region of this version, in USD. A month's, unless the name says otherwise. */
export const everywhere = {
  /** An alarm, for each metric in it. https://aws.amazon.com/cloudwatch/pricing/ */
  alarm: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  metric: 0.3,
  /** By the hour, since February 2024. https://aws.amazon.com/vpc/pricing/ */
  addressHour: 0.005,
  /** https://aws.amazon.com/ecr/pricing/ */
  imageGb: 0.1,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secret: 0.4,
  /** https://aws.amazon.com/waf/pricing/ */
  webAcl: 5,
  webAclRule: 1,
  webAclMillionRequests: 0.6,
} as const;

/** AWS's own count for a month. */
export const hoursAMonth = 730;
