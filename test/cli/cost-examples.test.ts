import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { estimate } from "../../src/cost/estimate.ts";
import { packagedPrices } from "../../src/cost/price-table.ts";
import { withListed } from "../../src/cost/prices.ts";
import { zoneCount } from "../../src/target/cost/zones.ts";
import { repository } from "../_helpers/cli.ts";

/**
 * The estimate of each example, calculated by hand in USD a month: list prices of November 2026 as far as they are known, 730 hours. Nothing here
 * calls the code under test, so a wrong price or a wrong count shows.
 */
const frankfurt = {
  instances: 35.04, // 2 t3.small: 2 * 0.024 * 730
  volumes: 5.71, // 2 * 30 GB * 0.0952 = 5.712
  load_balancer: 25.55, // 0.027 * 730 + 1 LCU * 0.008 * 730
  nat_gateways: 37.96, // 1 * 0.052 * 730
  public_addresses: 10.95, // 2 of the load balancer and 1 of the gateway: 3 * 0.005 * 730
  alarms: 0.7, // 2 colours * 3, and 1 of the load balancer: 7 * 0.10
};
const one = {
  instances: 17.52, // 1 t3.small: 0.024 * 730
  volumes: 2.86, // 30 GB * 0.0952 = 2.856
};
const ireland = {
  instances: 33.29, // 2 * 0.0228 * 730 = 33.288
  volumes: 5.28, // 60 * 0.088
  load_balancer: 24.24, // 0.0252 * 730 + 0.008 * 730 = 24.236
  nat_gateways: 35.04, // 0.048 * 730
  public_addresses: 10.95,
  alarms: 0.7,
};
const oregon = {
  load_balancer: 22.27, // 0.0225 * 730 + 0.008 * 730 = 22.265
  nat_gateways: 32.85, // 0.045 * 730
  public_addresses: 10.95,
  alarms: 0.7,
};
const oneInIreland = {
  instances: 16.64, // 0.0228 * 730 = 16.644
  volumes: 2.64, // 30 * 0.088
};
const c7i = { instances: 148.7 }; // 2 c7i.large: 2 * 0.10185 * 730 = 148.701
const privateAddress = { public_addresses: 3.65 }; // of the gateway: 0.005 * 730
const { nat_gateways: _gateway, ...withoutGateway } = frankfurt;
// 0.70, and 12 metrics more and 8 of memory and disk for 0.10 each, and a composite alarm for 0.50; memory and disk are 2 metrics for 0.30 each.
const alerted = { alarms: 3.2, metrics: 0.6 };
const web = 10; // a web ACL for 5, 4 groups and the rate for 1 each

// 1 t3.small, its disk, one address (0.005 * 730 = 3.65); 7 alarms of releases, 3 of the machine and 1 of the certificate; memory, disk,
// 5 of the door and the certificate's days at 0.30.
const machine = { ...one, public_addresses: 3.65, alarms: 1.1, metrics: 2.4 };

test.each<readonly [string, string, Readonly<Record<string, number | null>>, number]>([
  ["alerts", "production", { ...frankfurt, ...alerted }, 119.01],
  ["alerts", "staging", { ...frankfurt, ...alerted }, 119.01],
  // A web ACL for 5, the rule group of the keys and the rule in it for 1 each; the keys are one secret.
  ["api-keys", "production", { ...frankfurt, web_acl: 7, secrets: 0.4 }, 123.31],
  ["api-keys", "staging", frankfurt, 115.91],
  ["attested-image", "production", frankfurt, 115.91],
  ["bentoml", "production", frankfurt, 115.91],
  ["budget", "production", frankfurt, 115.91],
  ["budget", "trial", frankfurt, 115.91],
  // The load balancer is private.
  ["cloudfront", "production", { ...frankfurt, ...privateAddress }, 108.61],
  // Memory, disk and 3 series at 0.30 each.
  ["dashboard", "production", { ...frankfurt, metrics: 1.5, dashboard: 3 }, 120.41],
  ["dashboard", "staging", frankfurt, 115.91],
  ["domains", "production", { ...frankfurt, ...c7i }, 229.57],
  ["domains", "staging", { ...frankfurt, ...one }, 95.54],
  ["embeddings", "production", { ...frankfurt, ...c7i }, 229.57],
  // The gateway is not the stack's: 2 addresses of the load balancer.
  ["existing-vpc", "production", { ...withoutGateway, public_addresses: 7.3 }, 74.3],
  ["github-actions", "production", frankfurt, 115.91],
  // 2 g6.xlarge: 2 * 1.0064 * 730 = 1469.344; disks of 100 GB and more have 125 MB/s more: 2 * (150 * 0.0952 + 125 * 0.0476).
  ["gpu", "production", { ...frankfurt, instances: 1469.34, volumes: 40.46 }, 1584.96],
  [
    "gpu",
    "large", // a type without a known price, and 1000 GB: 1000 * 0.08 + 125 * 0.04
    { ...oregon, instances: null, volumes: 85 },
    151.77,
  ],
  ["grpc", "production", frankfurt, 115.91],
  ["image-ref", "production", frankfurt, 115.91],
  ["image-ref", "staging", { ...frankfurt, ...one }, 95.54],
  ["image-scan", "production", frankfurt, 115.91],
  ["infinity", "production", frankfurt, 115.91],
  ["litserve", "production", frankfurt, 115.91],
  ["llama-cpp", "production", frankfurt, 115.91],
  ["local-state", "production", ireland, 109.5],
  ["login", "production", { ...frankfurt, secrets: 0.4 }, 116.31], // the client's secret
  ["login", "staging", frankfurt, 115.91],
  [
    "network-egress",
    "production",
    { ...frankfurt, nat_gateways: 75.92, public_addresses: 14.6 }, // 2 gateways, 4 addresses
    157.52,
  ],
  ["network-egress", "staging", frankfurt, 115.91],
  [
    "network-egress",
    "closed",
    { ...withoutGateway, endpoints: 105.12, public_addresses: 7.3 }, // 6 * 2 zones * 0.012 * 730
    179.42,
  ],
  ["network-egress", "trial", { ...withoutGateway, ...one }, 57.58], // 2 addresses, and 1 of the instance
  ["network-internal", "production", { ...frankfurt, ...privateAddress }, 108.61],
  ["office-hours", "production", frankfurt, 115.91], // awake
  ["one-machine", "production", machine, 27.53],
  ["one-machine", "trial", { ...machine, alarms: 1, metrics: 2.1 }, 27.13],
  ["python-http", "production", frankfurt, 115.91],
  // Two alarms more, and health checks without a known price.
  ["regions", "frankfurt", { ...frankfurt, ...one, alarms: 0.9, health_checks: null }, 95.74],
  ["regions", "dublin", { ...ireland, ...oneInIreland }, 90.21],
  ["scaling", "production", { ...frankfurt, alarms: 1.1 }, 116.31], // a pair of alarms for each colour
  ["scaling", "staging", { ...frankfurt, ...one, alarms: 1.1 }, 95.94],
  // The series is one metric.
  ["scaling-series", "production", { ...frankfurt, alarms: 1.1, metrics: 0.3 }, 116.61],
  ["scaling-series", "staging", { ...frankfurt, ...one, alarms: 1.1, metrics: 0.3 }, 96.24],
  ["secrets", "production", { ...frankfurt, secrets: 0.8 }, 116.71], // 2 * 0.40
  ["secrets", "staging", { ...frankfurt, ...one, secrets: 0.8 }, 96.34],
  ["waf", "production", { ...frankfurt, web_acl: web }, 125.91],
  ["waf", "staging", { ...frankfurt, web_acl: web }, 125.91],
  ["weights", "production", frankfurt, 115.91], // without what S3 asks for the files
])(
  "examples/%s in %s costs what a hand calculation says",
  async (name, environment, parts, sum) => {
    const found = await estimateOf(name, environment);
    const byName = Object.fromEntries(found.parts.map((part) => [part.part, part.usd_per_month]));
    expect(byName).toEqual(parts);
    expect(found.usd_per_month).toBe(sum);
    expect(found.missing).toEqual(Object.keys(parts).filter((part) => parts[part] === null));
    calculated.add(name);
  },
);

const calculated = new Set<string>();

test("every example has a hand calculation", () => {
  const all = readdirSync(join(repository, "examples"), { withFileTypes: true });
  const names = all.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(names.filter((name) => !calculated.has(name))).toEqual([]);
});

test("a further instance and an hour of a release, by hand", async () => {
  // c7i.large: 0.10185 * 730 + 30 * 0.0952 = 77.2065; two for an hour: 2 * 77.2065 / 730 = 0.21152
  expect(await estimateOf("embeddings", "production")).toMatchObject({
    usd_per_further_instance: 77.21,
    usd_per_release_hour: 0.2115,
  });
  // t3.small with its own address: 0.024 * 730 + 30 * 0.0952 + 0.005 * 730 = 24.026
  expect(await estimateOf("network-egress", "trial")).toMatchObject({
    usd_per_further_instance: 24.03,
    usd_per_release_hour: 0.0329,
  });
});

async function estimateOf(name: string, environment: string): Promise<ReturnType<typeof estimate>> {
  const { config } = await loadConfig({
    asked: { environment: { value: environment, origin: "--environment" } },
    cwd: join(repository, "examples", name),
    needsImage: false,
  });
  const prices = withListed(packagedPrices(config.region, config.instances.type), {});
  return estimate(config, zoneCount(config, undefined), prices);
}
