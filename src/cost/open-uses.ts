import type { CostSettings } from "./cost-part.ts";
import { everywhere, type Price, type Prices } from "./prices.ts";

/** Something whose sum depends on the use. */
export interface OpenUse {
  readonly what: string;
  /** Of one `unit`; null where the price is not known here, or has steps. */
  readonly usd: Price;
  readonly unit: string;
}

/** What no sum can have before the stack is used. */
export function openUses(
  { auth, https, network, waf }: Pick<CostSettings, "auth" | "https" | "network" | "waf">,
  usd: Prices["usd"],
): readonly OpenUse[] {
  const isOwn = network.vpc === null;
  return [
    { what: "traffic to the internet", usd: null, unit: "GB" },
    ...(isOwn && (network.egress === "nat" || network.egress === "nat-per-zone")
      ? [{ what: "traffic through NAT gateways", usd: usd.nat_gb, unit: "GB" }]
      : []),
    ...(isOwn && network.egress === "endpoints"
      ? [{ what: "traffic through endpoints", usd: usd.endpoint_gb, unit: "GB" }]
      : []),
    ...(https === "cloudfront"
      ? [{ what: "CloudFront, after 1 TB and 10 million requests a month", usd: null, unit: "GB" }]
      : []),
    ...(waf.mode !== "none" || auth === "keys"
      ? [
          {
            what: "requests that AWS WAF looks at",
            usd: everywhere.webAclMillionRequests,
            unit: "million",
          },
        ]
      : []),
    { what: "logs", usd: null, unit: "GB" },
    { what: "images in the registry", usd: everywhere.imageGb, unit: "GB and month" },
  ];
}
