import { expect, test } from "vitest";
import { settingsOf } from "../../test/_helpers/cost-values.ts";
import { estimate } from "../cost/estimate.ts";
import { packagedPrices } from "../cost/price-table.ts";
import { withListed } from "../cost/prices.ts";
import { spentOf } from "../cost/spent.ts";
import { costDocument, costText } from "./cost.ts";

const place = { name: "app", environment: "production", region: "eu-central-1" };
const table = packagedPrices("eu-central-1", "t3.small");
const period = { from: "2026-11-01", to: "2026-11-28" };

test("the screen has the sum, a line for each part, and what was spent", () => {
  const services = [
    { service: "Compute", amount: 9.5, unit: "USD" },
    { service: "Balancer", amount: 12, unit: "USD" },
  ];
  const text = costText(
    costDocument(place, {
      estimate: estimate(settingsOf({}), 2, withListed(table, {})),
      spent: spentOf(period, services, "active"),
      use: null,
    }),
  );
  expect(text.split("\n")).toEqual([
    "app (production) in eu-central-1",
    "estimate: about 115.91 USD a month, and what depends on the use (list prices as known in November 2026)",
    "  instances         2 t3.small               35.04",
    "  volumes           2 of 30 GB (gp3)          5.71",
    "  load balancer     1 with 1 LCU on average  25.55",
    "  nat gateways      1                        37.96",
    "  public addresses  3 (IPv4)                 10.95",
    "  alarms            on 7 metrics              0.70",
    "  by use: traffic to the internet; traffic through NAT gateways at 0.052 USD a GB; logs; images in the registry at 0.10 USD a GB and month",
    "  a release: 0.0558 USD for each hour in which both versions run",
    "  each further instance: 20.38 USD a month, with its disk",
    "spent: 21.50 USD since 2026-11-01, by what Cost Explorer has counted until now",
    "  Balancer  12.00",
    "  Compute    9.50",
    "",
  ]);
});

test("a part without a price is named in the sum, and never counts as nothing", () => {
  const config = settingsOf({
    instances: { type: "x9.huge", otherTypes: [], min: 2, max: 4, diskGb: 30 },
  });
  const prices = withListed(packagedPrices("eu-central-1", "x9.huge"), {});
  const document = costDocument(place, {
    estimate: estimate(config, 2, prices),
    spent: null,
    use: { hours: 5, hours_needed: 72, advice: [] },
  });
  const text = costText(document);
  expect(text).toContain(
    "estimate: at least 80.87 USD a month, WITHOUT instances, whose price in eu-central-1 is not known (",
  );
  expect(text).toMatch(/instances +2 x9\.huge +price not known/);
  expect(text).not.toContain("each further instance");
  expect(text).toContain("spent: nothing, the stack is not up");
  expect(text).toContain("advice: none yet, after 5 hours of use; it needs 72");
});

test("advice has its figure and the lines of the configuration", () => {
  const text = costText(
    costDocument(place, {
      estimate: estimate(settingsOf({}), 2, withListed(table, {})),
      spent: spentOf(period, [], "inactive"),
      use: {
        hours: 336,
        hours_needed: 72,
        advice: [
          {
            kind: "fewer-instances",
            figure: "the processors were 20 % busy in their busiest hour",
            advice: "2 instances would have been 30 % busy",
            config: "instances:\n  min: 2",
            saves_usd_per_month: 20.38,
          },
        ],
      },
    }),
  );
  expect(text).toContain("spent: AWS counts nothing by the tag infer-deploy:stack yet");
  expect(text.split("\n").slice(-6)).toEqual([
    expect.stringContaining("spent: "),
    "advice: 2 instances would have been 30 % busy, which saves about 20.38 USD a month",
    "  because the processors were 20 % busy in their busiest hour",
    "    instances:",
    "      min: 2",
    "",
  ]);
});
