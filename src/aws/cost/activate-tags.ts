import {
  UpdateCostAllocationTagsStatusCommand,
  type CostExplorerClient,
} from "@aws-sdk/client-cost-explorer";
import { CommandError } from "../../errors/command-error.ts";

/**
 * Makes cost allocation tags of these keys; it changes nothing for one that is active. Throws CommandError for a key that AWS does not know yet,
 * and the SDK's own errors, such as the refusal of an account that does not pay.
 */
export async function activateTags(
  costExplorer: Pick<CostExplorerClient, "send">,
  keys: readonly string[],
): Promise<void> {
  const { Errors = [] } = await costExplorer.send(
    new UpdateCostAllocationTagsStatusCommand({
      CostAllocationTagsStatus: keys.map((TagKey) => ({ TagKey, Status: "Active" as const })),
    }),
  );
  const [first] = Errors;
  if (first === undefined) return;
  throw new CommandError(`AWS did not activate the tag ${first.TagKey}.`, {
    why: first.Message ?? first.Code ?? "it gave no reason",
    next: "wait a day after the first up, because AWS looks for new tags once a day, then infer-deploy cost --activate-tags",
  });
}
