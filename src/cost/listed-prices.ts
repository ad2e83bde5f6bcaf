import * as z from "zod/mini";
import type { RegionalPrice } from "./prices.ts";

/** One question to AWS's price list, and the usage types in its answer whose prices an estimate needs. */
export interface PriceQuestion {
  readonly service: string;
  /** Field and value, all of which a product must have. */
  readonly fields: Readonly<Record<string, string>>;
  readonly prices: Readonly<Partial<Record<RegionalPrice, RegExp>>>;
}

/**
 * The questions for one region and one instance type. A usage type begins with the region's short name, such as `EUC1-`, except in us-east-1.
 * `Outposts-LCUUsage`, `RegionalNatGateway-Hours` and the like are other products.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
 */
export function priceQuestions(region: string, instanceType: string): readonly PriceQuestion[] {
  const regionCode = region;
  return [
    {
      service: "AmazonEC2",
      fields: {
        regionCode,
        instanceType,
        operatingSystem: "Linux",
        preInstalledSw: "NA",
        tenancy: "Shared",
        capacitystatus: "Used",
        marketoption: "OnDemand",
      },
      prices: { instance: usage("BoxUsage:.+") },
    },
    {
      service: "AmazonEC2",
      fields: { regionCode, productFamily: "Storage", volumeApiName: "gp3" },
      prices: { gp3_gb_month: usage("EBS:VolumeUsage\\.gp3") },
    },
    {
      service: "AWSELB",
      fields: { regionCode, productFamily: "Load Balancer-Application" },
      prices: { load_balancer: usage("LoadBalancerUsage"), lcu: usage("LCUUsage") },
    },
    {
      service: "AmazonEC2",
      fields: { regionCode, productFamily: "NAT Gateway" },
      prices: { nat_gateway: usage("NatGateway-Hours"), nat_gb: usage("NatGateway-Bytes") },
    },
    {
      service: "AmazonVPC",
      fields: { regionCode, productFamily: "VpcEndpoint" },
      prices: { endpoint: usage("VpcEndpoint-Hours"), endpoint_gb: usage("VpcEndpoint-Bytes") },
    },
  ];
}

/**
 * The prices in the products of an answer, each as JSON. A price with several different values, a price of 0 and a product of an unknown form
 * are left out: no price is better than a wrong one.
 */
export function pricesIn(
  question: Pick<PriceQuestion, "prices">,
  products: readonly string[],
): Readonly<Partial<Record<RegionalPrice, number>>> {
  const read = products.flatMap((text) => readProduct(text));
  return Object.fromEntries(
    Object.entries(question.prices).flatMap(([name, pattern]) => {
      const found = new Set(
        read.filter(({ usageType }) => pattern.test(usageType)).flatMap(({ usd }) => usd),
      );
      const [usd] = found;
      return found.size === 1 && usd !== undefined ? [[name, usd]] : [];
    }),
  );
}

function usage(type: string): RegExp {
  return new RegExp(`^(?:[A-Z0-9]+-)?${type}$`);
}

interface ListedProduct {
  readonly usageType: string;
  /** Of the first step of each term. */
  readonly usd: readonly number[];
}

function readProduct(text: string): readonly ListedProduct[] {
  const parsed = productShape.safeParse(jsonOf(text));
  if (!parsed.success) return [];
  const { product, terms } = parsed.data;
  const steps = Object.values(terms.OnDemand ?? {}).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  );
  const usd = steps
    .filter(({ beginRange }) => (beginRange ?? "0") === "0")
    .map(({ pricePerUnit }) => Number(pricePerUnit.USD))
    .filter((price) => Number.isFinite(price) && price > 0);
  return [{ usageType: product.attributes.usagetype, usd }];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const productShape = z.object({
  product: z.object({ attributes: z.object({ usagetype: z.string() }) }),
  terms: z.object({
    OnDemand: z.optional(
      z.record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({
              beginRange: z.optional(z.string()),
              // Only China's prices are in another currency.
              pricePerUnit: z.object({ USD: z.optional(z.string()) }),
            }),
          ),
        }),
      ),
    ),
  }),
});
