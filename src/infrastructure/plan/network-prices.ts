/** USD. An hour is of a NAT gateway, or of an interface endpoint in one zone. */
export interface NetworkPrices {
  readonly natHour: number;
  readonly natGb: number;
  readonly endpointHour: number;
  readonly endpointGb: number;
}

/** When the table below was written. */
export const pricesOf = "November 2026";

export const pricePage = "https://aws.amazon.com/vpc/pricing/";

/**
 * AWS's public list prices of the regions in Europe and the United States, without tax, discounts and tiers. Sources: the price lists
 * AmazonEC2 (`NatGateway-Hours`, `NatGateway-Bytes`) and AmazonVPC (`VpcEndpoint-Hours`, `VpcEndpoint-Bytes`), which
 * https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/privatelink/pricing/ show. A region that is not here has no price in
 * the plan, and the plan names the page instead.
 */
export const networkPrices: Readonly<Record<string, NetworkPrices>> = {
  "us-east-1": prices(0.045, 0.01),
  "us-east-2": prices(0.045, 0.01),
  "us-west-1": prices(0.048, 0.011),
  "us-west-2": prices(0.045, 0.01),
  "eu-central-1": prices(0.052, 0.012),
  "eu-north-1": prices(0.046, 0.011),
  "eu-west-1": prices(0.048, 0.011),
  "eu-west-2": prices(0.05, 0.011),
  "eu-west-3": prices(0.05, 0.011),
};

/** A public IPv4 address, the same in every region since February 2024; a NAT gateway has one. */
export const addressHour = 0.005;

/** AWS's own count for a month. */
export const hoursAMonth = 730;

/** A NAT gateway costs the same for an hour and for a GB, and an endpoint's GB 1 cent. */
function prices(nat: number, endpointHour: number): NetworkPrices {
  return { natHour: nat, natGb: nat, endpointHour, endpointGb: 0.01 };
}
