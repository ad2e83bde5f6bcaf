import type { Statement } from "./statement.ts";

/** What `cost` calls, in addition to `plan`. Cost Explorer and CloudWatch's metrics take no resource. */
export function costPermissions(): readonly Statement[] {
  return [
    {
      sid: "ReadCosts",
      actions: ["ce:GetCostAndUsage", "ce:ListCostAllocationTags"],
      resources: ["*"],
    },
    {
      // With --advise.
      sid: "ReadUse",
      actions: ["cloudwatch:GetMetricData"],
      resources: ["*"],
    },
    {
      // With --activate-tags, in the account that pays.
      sid: "ActivateCostTags",
      actions: ["ce:UpdateCostAllocationTagsStatus"],
      resources: ["*"],
    },
  ];
}
