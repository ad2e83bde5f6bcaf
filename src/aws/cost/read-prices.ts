import { GetProductsCommand, type PricingClient } from "@aws-sdk/client-pricing";
import { pricesIn, priceQuestions, type PriceQuestion } from "../../cost/listed-prices.ts";
import { packagedPrices } from "../../cost/price-table.ts";
import { withListed, type Prices, type RegionalPrice } from "../../cost/prices.ts";

/**
 * The prices of a region and an instance type: AWS's price list where it answers within `waitMilliseconds`, the packaged table otherwise. Never
 * throws: without the list an estimate is a little older, and a plan needs no right to ask for it.
 */
export async function readPrices(
  pricing: Pick<PricingClient, "send">,
  region: string,
  instanceType: string,
  waitMilliseconds = 4000,
): Promise<Prices> {
  const signal = AbortSignal.timeout(waitMilliseconds);
  const found = await Promise.all(
    priceQuestions(region, instanceType).map(async (question) =>
      ask(pricing, question, signal).catch(() => ({})),
    ),
  );
  return withListed(
    packagedPrices(region, instanceType),
    Object.assign({}, ...found) as Partial<Record<RegionalPrice, number>>,
  );
}

async function ask(
  pricing: Pick<PricingClient, "send">,
  question: PriceQuestion,
  abortSignal: AbortSignal,
): Promise<Readonly<Partial<Record<RegionalPrice, number>>>> {
  const answer = await pricing.send(
    new GetProductsCommand({
      ServiceCode: question.service,
      Filters: Object.entries(question.fields).map(([Field, Value]) => ({
        Type: "TERM_MATCH",
        Field,
        Value,
      })),
      MaxResults: 100,
    }),
    { abortSignal },
  );
  // The SDK wraps the JSON of each product, and has no type for that.
  const products = (answer.PriceList ?? []) as readonly unknown[];
  return pricesIn(question, products.map(String));
}
