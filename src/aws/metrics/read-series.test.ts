import type { GetMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { readSeries } from "./read-series.ts";

const wanted = [
  {
    id: "p99",
    namespace: "AWS/ApplicationELB",
    metric: "TargetResponseTime",
    dimensions: { LoadBalancer: "app/one/1" },
    stat: "p99",
  },
  {
    id: "requests",
    namespace: "AWS/ApplicationELB",
    metric: "RequestCount",
    dimensions: {},
    stat: "Sum",
  },
];

test("every page of the answer is read, and a series may be in several", async () => {
  const sent: GetMetricDataCommandInput[] = [];
  const pages = [
    {
      NextToken: "more",
      MetricDataResults: [{ Id: "p99", Timestamps: [new Date(60_000)], Values: [0.2] }],
    },
    {
      MetricDataResults: [
        { Id: "p99", Timestamps: [new Date(120_000)], Values: [0.3] },
        { Id: "requests" },
      ],
    },
  ];
  const client = {
    send: async ({ input }: { readonly input: GetMetricDataCommandInput }) => {
      sent.push(input);
      return pages[sent.length - 1];
    },
  } as unknown as Parameters<typeof readSeries>[0];

  const found = await readSeries(client, wanted, { start: 60, end: 180, period: 60 });

  expect([...(found.get("p99") ?? [])]).toEqual([
    [60, 0.2],
    [120, 0.3],
  ]);
  expect(found.get("requests")?.size).toBe(0);
  expect(sent.map(({ NextToken }) => NextToken)).toEqual([undefined, "more"]);
  expect(sent[0]).toMatchObject({ StartTime: new Date(60_000), EndTime: new Date(180_000) });
  expect(sent[0]?.MetricDataQueries?.[0]).toEqual({
    Id: "p99",
    MetricStat: {
      Metric: {
        Namespace: "AWS/ApplicationELB",
        MetricName: "TargetResponseTime",
        Dimensions: [{ Name: "LoadBalancer", Value: "app/one/1" }],
      },
      Period: 60,
      Stat: "p99",
    },
  });
});
