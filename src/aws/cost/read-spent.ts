import {
  GetCostAndUsageCommand,
  ListCostAllocationTagsCommand,
  type CostExplorerClient,
} from "@aws-sdk/client-cost-explorer";
import {
  refusedSpent,
  spentOf,
  stackTagKey,
  type CostGroup,
  type Spent,
  type TagState,
} from "../../cost/spent.ts";
import { describeLine } from "../../errors/describe.ts";
import { everyItem } from "../every-item.ts";

/**
 * What was spent on the stack in the period. Asks Cost Explorer twice, and AWS charges 0.01 USD for each request. Never throws for what Cost
 * Explorer refuses: the answer says why.
 */
export async function readSpent(
  costExplorer: Pick<CostExplorerClient, "send">,
  stackId: string,
  period: { readonly from: string; readonly to: string },
): Promise<Spent> {
  try {
    const tag = await tagState(costExplorer);
    if (tag === "inactive" || tag === "unseen") return spentOf(period, [], tag);
    return spentOf(period, await groupsOf(costExplorer, stackId, period), tag);
  } catch (error) {
    return refusedSpent(period, error instanceof Error ? error.name : "", describeLine(error));
  }
}

/** Undefined where this account may not ask: in an organisation only the account that pays may. */
async function tagState(costExplorer: Pick<CostExplorerClient, "send">): Promise<TagState> {
  try {
    const { CostAllocationTags = [] } = await costExplorer.send(
      new ListCostAllocationTagsCommand({ TagKeys: [stackTagKey], Type: "UserDefined" }),
    );
    const status = CostAllocationTags.find(({ TagKey }) => TagKey === stackTagKey)?.Status;
    return status === undefined ? "unseen" : status === "Active" ? "active" : "inactive";
  } catch {
    return undefined;
  }
}

async function groupsOf(
  costExplorer: Pick<CostExplorerClient, "send">,
  stackId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly CostGroup[]> {
  const months = await everyItem(async (token) => {
    const answer = await costExplorer.send(
      new GetCostAndUsageCommand({
        TimePeriod: { Start: from, End: to },
        Granularity: "MONTHLY",
        Metrics: ["UnblendedCost"],
        Filter: { Tags: { Key: stackTagKey, Values: [stackId], MatchOptions: ["EQUALS"] } },
        GroupBy: [{ Type: "DIMENSION", Key: "SERVICE" }],
        ...(token === undefined ? {} : { NextPageToken: token }),
      }),
    );
    return { items: answer.ResultsByTime, next: answer.NextPageToken };
  });
  return months
    .flatMap(({ Groups = [] }) => Groups)
    .map(({ Keys: [service = "other"] = [], Metrics }) => {
      const { Amount = "0", Unit = "USD" } = Metrics?.["UnblendedCost"] ?? {};
      return { service, amount: Number(Amount), unit: Unit };
    });
}
