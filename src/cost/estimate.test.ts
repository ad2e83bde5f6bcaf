import fc from "fast-check";
import { expect, test } from "vitest";
import { settingsOf } from "../../test/_helpers/cost-values.ts";
import { estimate } from "./estimate.ts";
import { packagedPrices } from "./price-table.ts";
import { regionalPriceNames, withListed, type Price, type RegionalPrice } from "./prices.ts";

const price: fc.Arbitrary<Price> = fc.oneof(
  fc.constant(null),
  fc.double({ min: 0, max: 50, noNaN: true }),
);
const prices = fc.record(
  Object.fromEntries(regionalPriceNames.map((name) => [name, price])) as Record<
    RegionalPrice,
    fc.Arbitrary<Price>
  >,
);
const settings = fc
  .record({
    min: fc.integer({ min: 1, max: 500 }),
    diskGb: fc.integer({ min: 8, max: 16_384 }),
    egress: fc.constantFrom("nat", "nat-per-zone", "endpoints", "public"),
    internal: fc.boolean(),
    dashboard: fc.boolean(),
    auth: fc.constantFrom("none", "keys"),
    strategy: fc.constantFrom("blue-green", "rolling"),
    target: fc.option(fc.integer({ min: 1, max: 900 })),
    series: fc.array(fc.constant("x_total"), { maxLength: 10 }),
  })
  .map((given) =>
    settingsOf({
      auth: given.auth,
      dashboard: given.dashboard,
      instances: {
        type: "t3.small",
        otherTypes: [],
        min: given.min,
        max: 500,
        diskGb: given.diskGb,
      },
      metrics: { instances: false, path: "/metrics", series: given.series },
      network: { egress: given.egress, internal: given.internal, vpc: null },
      release: { strategy: given.strategy },
      scaling: { target: given.target },
    }),
  );

test("no part is negative, the sum is that of the parts, and it names each part whose price is not known", () => {
  fc.assert(
    fc.property(settings, fc.integer({ min: 2, max: 3 }), prices, (config, zones, table) => {
      const found = estimate(config, zones, withListed(table, {}));
      const known = found.parts.flatMap(({ usd_per_month: usd }) => (usd === null ? [] : [usd]));
      expect(Math.min(...known)).toBeGreaterThanOrEqual(0);
      expect(found.usd_per_month).toBeCloseTo(
        known.reduce((sum, usd) => sum + usd, 0),
        2,
      );
      const unknown = found.parts.filter((part) => part.usd_per_month === null);
      expect(found.missing).toEqual(unknown.map(({ part }) => part));
      expect(new Set(found.parts.map(({ part }) => part)).size).toBe(found.parts.length);
    }),
  );
});

test("a type that the table does not have is missing in the sum, and nothing is guessed", () => {
  const config = settingsOf({
    instances: { type: "x9.huge", otherTypes: [], min: 2, max: 4, diskGb: 30 },
  });
  const found = estimate(config, 2, withListed(packagedPrices("eu-central-1", "x9.huge"), {}));
  expect(found).toMatchObject({
    missing: ["instances"],
    usd_per_month: 80.87, // 115.91 without the instances' 35.04
    usd_per_further_instance: null,
    usd_per_release_hour: null,
  });
});

test("a region that the table does not have leaves what is the same everywhere", () => {
  const found = estimate(
    settingsOf({}),
    2,
    withListed(packagedPrices("sa-east-1", "t3.small"), {}),
  );
  expect(found.missing).toEqual(["instances", "volumes", "load_balancer", "nat_gateways"]);
  expect(found.usd_per_month).toBe(11.65); // 3 * 0.005 * 730 + 7 * 0.10
});

test("AWS's price list counts before the table, and the estimate says so", () => {
  const table = packagedPrices("eu-central-1", "t3.small");
  const found = estimate(settingsOf({}), 2, withListed(table, { instance: 0.03 }));
  expect(found.parts[0]).toEqual({
    part: "instances",
    what: "2 t3.small",
    usd_per_month: 43.8, // 2 * 0.03 * 730
  });
  expect(found.prices.source).toBe("mixed");
  expect(estimate(settingsOf({}), 2, withListed(table, {})).prices.source).toBe("table");
  const listed = { instance: 1, gp3_gb_month: 1, load_balancer: 1, lcu: 1 };
  const source = (egress: "nat" | "public", given: object): string => {
    const network = { egress, internal: false, vpc: null };
    return estimate(settingsOf({ network }), 2, withListed(table, given)).prices.source;
  };
  expect(source("public", listed)).toBe("list");
  expect(source("nat", listed)).toBe("mixed");
  expect(source("nat", { ...listed, nat_gateway: 1, nat_gb: 1 })).toBe("list");
});

test("a release by rolling takes no instances more, and a large disk is a fast one", () => {
  const found = estimate(
    settingsOf({
      instances: { type: "g6.xlarge", otherTypes: [], min: 1, max: 2, diskGb: 150 },
      release: { strategy: "rolling" },
    }),
    2,
    withListed(packagedPrices("us-east-1", "g6.xlarge"), {}),
  );
  expect(found.usd_per_release_hour).toBe(0);
  // 150 * 0.08 + 125 * 0.04
  expect(found.parts.find(({ part }) => part === "volumes")?.usd_per_month).toBe(17);
});

test("one machine is shown next to a fleet of two, whose sum is that fleet's own", () => {
  const one = { instances: { type: "t3.small", otherTypes: [], min: 1, max: 1, diskGb: 30 } };
  const frankfurt = withListed(packagedPrices("eu-central-1", "t3.small"), {});
  const network = { egress: "public", internal: false, vpc: null } as const;
  const single = estimate(settingsOf({ ...one, network, topology: "single" }), 2, frankfurt);
  expect(single.usd_per_month_as_fleet).toBe(estimate(settingsOf({}), 2, frankfurt).usd_per_month);
  expect(single.usd_per_month).toBeLessThan(30);
  expect([single.usd_per_release_hour, single.usd_per_further_instance]).toEqual([0, null]);
  expect(single.parts.map(({ part }) => part)).not.toContain("load_balancer");
  expect(estimate(settingsOf({}), 2, frankfurt).usd_per_month_as_fleet).toBeNull();
});
