import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../package-root.ts";
import { egressPrice, egressText, interfaceEndpoints } from "./egress-price.ts";

test.each([
  ["nat", "eu-west-1", 2, "one NAT gateway, about 39 USD a month and 0.048 USD a GB"],
  ["nat", "us-east-1", 3, "one NAT gateway, about 37 USD a month and 0.045 USD a GB"],
  [
    "nat-per-zone",
    "eu-central-1",
    3,
    "3 NAT gateways, one in each zone, about 125 USD a month and 0.052 USD a GB",
  ],
  [
    "endpoints",
    "eu-central-1",
    2,
    "6 interface endpoints in each of 2 zones, about 105 USD a month and 0.01 USD a GB",
  ],
  ["public", "ap-south-1", 2, "a public address for each instance, about 4 USD a month each"],
] as const)("%s in %s with %d zones", (egress, region, zones, expected) => {
  const text = egressText(egressPrice(egress, region, zones), region, zones);
  expect(text).toBe(`egress: ${expected} (list prices of November 2026)`);
});

test("a region without a price names AWS's page", () => {
  const price = egressPrice("nat", "ap-south-1", 2);
  expect(price).toMatchObject({ usd_per_month: null, usd_per_gb: null });
  expect(egressText(price, "ap-south-1", 2)).toBe(
    "egress: one NAT gateway; see https://aws.amazon.com/vpc/pricing/ for its price in ap-south-1",
  );
});

test("the endpoints are those of the services that an instance calls, and as many as the price counts", () => {
  const file = join(packageRoot, "templates/terraform/modules/network/endpoints.tf");
  const list = /toset\(\[([^\]]*)\]/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  const services = [...list.matchAll(/"([\w.]+)"/g)].map(([, name = ""]) => name);
  expect(services).toHaveLength(interfaceEndpoints);
  const agent = join(packageRoot, "templates/instance/agent");
  const source = readdirSync(agent).map((name) => readFileSync(join(agent, name), "utf8"));
  const called = [...source.join("\n").matchAll(/\baws\.call\(\s*"(\w+)"/g)].map(
    ([, name = ""]) => name,
  );
  // The engine pulls and logs; Session Manager's own program has the second channel. S3 has the gateway endpoint.
  const expected = called.map((name) => (name === "ecr" ? "ecr.api" : name));
  expect([...new Set([...expected, "ecr.dkr", "ssmmessages"])].toSorted()).toEqual(
    services.toSorted(),
  );
});
