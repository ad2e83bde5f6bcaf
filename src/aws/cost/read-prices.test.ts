import type { PricingClient } from "@aws-sdk/client-pricing";
import { expect, test } from "vitest";
import { readPrices } from "./read-prices.ts";

const send = (answer: (service: string) => Promise<unknown>) =>
  ({
    send: async ({ input }: { readonly input: { readonly ServiceCode: string } }) =>
      answer(input.ServiceCode),
  }) as unknown as Pick<PricingClient, "send">;

const balancer = JSON.stringify({
  product: { attributes: { usagetype: "EUC1-LoadBalancerUsage" } },
  terms: { OnDemand: { a: { priceDimensions: { b: { pricePerUnit: { USD: "0.03" } } } } } },
});

test("one question that fails costs no other price", async () => {
  const pricing = send(async (service) => {
    if (service === "AmazonEC2") throw new Error("AccessDeniedException");
    return { PriceList: service === "AWSELB" ? [balancer] : [] };
  });
  const { listed, usd } = await readPrices(pricing, "eu-central-1", "t3.small");
  expect(listed).toEqual(["load_balancer"]);
  expect(usd).toMatchObject({ load_balancer: 0.03, instance: 0.024, lcu: 0.008 });
});

test("a price list that does not answer in time leaves the table", async () => {
  const pricing = {
    send: async (_command: object, { abortSignal }: { readonly abortSignal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        abortSignal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      }),
  } as unknown as Pick<PricingClient, "send">;
  const { listed, usd } = await readPrices(pricing, "eu-central-1", "t3.small", 10);
  expect(listed).toEqual([]);
  expect(usd.instance).toBe(0.024);
});
