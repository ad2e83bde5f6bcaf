import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { readUse } from "./read-use.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 27, hour));

test("hours with instances, with the requests and the busier group, the oldest first", async () => {
  const asked: Record<string, unknown>[] = [];
  const results = [
    { Id: "size0", Timestamps: [at(2), at(1), at(0)], Values: [2, 2, 0] },
    { Id: "size1", Timestamps: [at(0)], Values: [0] },
    { Id: "cpu0", Timestamps: [at(1), at(2)], Values: [20, 30] },
    { Id: "cpu1", Timestamps: [at(2)], Values: [70] },
    { Id: "requests", Timestamps: [at(2)], Values: [500] },
  ];
  const client = {
    send: async ({ input }: { readonly input: Record<string, unknown> }) => {
      asked.push(input);
      return asked.length === 1
        ? { MetricDataResults: results.slice(0, 3), NextToken: "more" }
        : { MetricDataResults: results.slice(3) };
    },
  } as unknown as Pick<CloudWatchClient, "send">;
  const hours = await readUse(
    client,
    { groups: ["app-blue", "app-green"], loadBalancer: "app/app/123" },
    { now: new Date("2026-11-27T03:20:00Z"), days: 14 },
  );
  expect(hours).toEqual([
    { at: at(1), cpu: 20, requests: 0 },
    { at: at(2), cpu: 70, requests: 500 },
  ]);
  expect(asked[0]).toMatchObject({ StartTime: new Date("2026-11-13T03:00:00Z"), EndTime: at(3) });
  expect(asked[1]?.["NextToken"]).toBe("more");
});
