import type { Config } from "../../config/schema/config.ts";
import {
  addressHour,
  hoursAMonth,
  networkPrices,
  pricePage,
  pricesOf,
  type NetworkPrices,
} from "./network-prices.ts";

/** What the instances' way out costs, in USD. */
export interface EgressPrice {
  readonly egress: Config["network"]["egress"];
  /** Without the traffic; for `public`, of one instance. Null for a region that the table does not have. */
  readonly usd_per_month: number | null;
  /** 0 when AWS charges only the usual traffic to the internet; null as above. */
  readonly usd_per_gb: number | null;
  /** The month of the price list. */
  readonly prices_of: string;
}

/** The services of templates/terraform/modules/network/endpoints.tf. */
export const interfaceEndpoints = 6;

export function egressPrice(
  egress: Config["network"]["egress"],
  region: string,
  zones: number,
): EgressPrice {
  const price = networkPrices[region];
  const [hour, gb] =
    egress === "public"
      ? [addressHour, 0]
      : price === undefined
        ? [null, null]
        : rates[egress](price, zones);
  return {
    egress,
    usd_per_month: hour === null ? null : Math.round(hour * hoursAMonth * 100) / 100,
    usd_per_gb: gb,
    prices_of: pricesOf,
  };
}

/** One line of the plan. */
export function egressText(price: EgressPrice, region: string, zones: number): string {
  const { egress, usd_per_month: month, usd_per_gb: gb } = price;
  const subject = `egress: ${subjects[egress](zones)}`;
  if (month === null || gb === null) {
    return `${subject}; see ${pricePage} for its price in ${region}`;
  }
  const traffic = gb === 0 ? "" : ` and ${gb} USD a GB`;
  const each = egress === "public" ? " each" : "";
  return `${subject}, about ${Math.round(month)} USD a month${each}${traffic} (list prices of ${pricesOf})`;
}

/** USD an hour, and USD a GB. */
const rates: Readonly<
  Record<
    Exclude<EgressPrice["egress"], "public">,
    (price: NetworkPrices, zones: number) => readonly [number, number]
  >
> = {
  nat: ({ natHour, natGb }) => [natHour + addressHour, natGb],
  "nat-per-zone": ({ natHour, natGb }, zones) => [zones * (natHour + addressHour), natGb],
  endpoints: ({ endpointHour, endpointGb }, zones) => [
    interfaceEndpoints * zones * endpointHour,
    endpointGb,
  ],
};

const subjects: Readonly<Record<EgressPrice["egress"], (zones: number) => string>> = {
  nat: () => "one NAT gateway",
  "nat-per-zone": (zones) => `${zones} NAT gateways, one in each zone`,
  endpoints: (zones) => `${interfaceEndpoints} interface endpoints in each of ${zones} zones`,
  public: () => "a public address for each instance",
};
