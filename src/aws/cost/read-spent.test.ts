import type { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import { expect, test } from "vitest";
import { readSpent } from "./read-spent.ts";

const period = { from: "2026-11-01", to: "2026-11-28" };

/** Answers each operation; an error is thrown. */
function explorer(tags: object, ...pages: readonly object[]) {
  const asked: Record<string, unknown>[] = [];
  const rest = [...pages];
  const client = {
    send: async ({ input }: { readonly input: Record<string, unknown> }) => {
      const isTags = "TagKeys" in input;
      if (!isTags) asked.push(input);
      const answer = isTags ? tags : rest.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Pick<CostExplorerClient, "send">;
  return { asked, client };
}

const active = { CostAllocationTags: [{ TagKey: "infer-deploy:stack", Status: "Active" }] };
const page = (service: string, Amount: string, next?: string) => ({
  ResultsByTime: [
    { Groups: [{ Keys: [service], Metrics: { UnblendedCost: { Amount, Unit: "USD" } } }] },
  ],
  ...(next === undefined ? {} : { NextPageToken: next }),
});
const refusal = (name: string, message: string) => Object.assign(new Error(message), { name });

test("asks for exactly the stack's tag, and for every page", async () => {
  const { asked, client } = explorer(active, page("Compute", "1.5", "next"), page("Logs", "0.25"));
  const spent = await readSpent(client, "app-production", period);
  expect(spent).toMatchObject({ state: "known", usd: 1.75 });
  expect(asked[0]).toMatchObject({
    TimePeriod: { Start: "2026-11-01", End: "2026-11-28" },
    Filter: { Tags: { Key: "infer-deploy:stack", Values: ["app-production"] } },
    GroupBy: [{ Type: "DIMENSION", Key: "SERVICE" }],
  });
  expect(asked.map((one) => one["NextPageToken"])).toEqual([undefined, "next"]);
});

test("a tag that is not active is not asked for, because AWS charges for each request", async () => {
  const inactive = { CostAllocationTags: [{ TagKey: "infer-deploy:stack", Status: "Inactive" }] };
  for (const [tags, state] of [
    [inactive, "inactive"],
    [{ CostAllocationTags: [] }, "unseen"],
  ] as const) {
    const { asked, client } = explorer(tags);
    expect((await readSpent(client, "app-production", period)).state).toBe(state);
    expect(asked).toEqual([]);
  }
});

test("a member account that may not ask for tags still sees its costs", async () => {
  const denied = refusal("AccessDeniedException", "Linked account doesn't have access");
  const { client } = explorer(denied, page("Compute", "2"));
  expect(await readSpent(client, "app-production", period)).toMatchObject({ usd: 2, note: null });
});

test("what Cost Explorer refuses is an answer, not an error", async () => {
  const { client } = explorer(active, refusal("DataUnavailableException", "no data"));
  expect((await readSpent(client, "app-production", period)).state).toBe("off");
});
