import { expect, test } from "vitest";
import { pricesIn, priceQuestions } from "./listed-prices.ts";

const questions = priceQuestions("eu-central-1", "t3.small");
const balancer = questions.find(({ service }) => service === "AWSELB");
const nat = questions.find(({ fields }) => fields["productFamily"] === "NAT Gateway");
if (balancer === undefined || nat === undefined) throw new Error("no such question");

test("each price that depends on the region is asked for once, but gp3's throughput", () => {
  expect(questions.flatMap(({ prices }) => Object.keys(prices)).toSorted()).toEqual([
    ...["endpoint", "endpoint_gb", "gp3_gb_month", "instance"],
    ...["lcu", "load_balancer", "nat_gateway", "nat_gb"],
  ]);
});

test("a product of another kind is not taken for ours", () => {
  const products = [
    product("EUC1-LoadBalancerUsage", "0.0270000000"),
    product("EUC1-LCUUsage", "0.0080000000"),
    product("Outposts-LCUUsage", "0.0000000000"),
    product("EUC1-ReservedLCUUsage", "0.0090000000"),
  ];
  expect(pricesIn(balancer, products)).toEqual({ load_balancer: 0.027, lcu: 0.008 });
  const gateways = [
    product("NatGateway-Hours", "0.045"),
    product("RegionalNatGateway-Hours", "0.046"),
  ];
  expect(pricesIn(nat, gateways)).toEqual({ nat_gateway: 0.045 });
});

test("two different prices, a price of nothing and an answer of another form are no price", () => {
  const two = [product("EUC1-LCUUsage", "0.008"), product("EUC1-LCUUsage", "0.009")];
  expect(pricesIn(balancer, two)).toEqual({});
  expect(pricesIn(balancer, [product("EUC1-LCUUsage", "0")])).toEqual({});
  const yuan = product("EUC1-LCUUsage", "0.05").replace('"USD"', '"CNY"');
  expect(pricesIn(balancer, ["", "[]", "{}", "null", yuan])).toEqual({});
});

test("of steps the first counts", () => {
  const steps = JSON.stringify({
    product: { attributes: { usagetype: "EUC1-NatGateway-Bytes" } },
    terms: {
      OnDemand: {
        a: {
          priceDimensions: {
            first: { beginRange: "0", pricePerUnit: { USD: "0.052" } },
            next: { beginRange: "1000", pricePerUnit: { USD: "0.04" } },
          },
        },
      },
    },
  });
  expect(pricesIn(nat, [steps])).toEqual({ nat_gb: 0.052 });
});

function product(usagetype: string, USD: string): string {
  return JSON.stringify({
    product: { attributes: { usagetype } },
    terms: {
      OnDemand: { a: { priceDimensions: { b: { beginRange: "0", pricePerUnit: { USD } } } } },
    },
  });
}
