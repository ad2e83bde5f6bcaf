import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up`, `plan`, `destroy` and `status` call for a stack with `alerts`, `dashboard` or `budget`, in addition to everything else. */
export function sightPermissions(place: Place): readonly Statement[] {
  const { account, names, partition } = place;
  const arn = arnOf(place);
  return [
    {
      sid: "ManageAlertTopic",
      actions: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:UntagResource",
      ],
      resources: [arn("sns", `${names.id}-alerts`)],
    },
    {
      // They take no resource.
      sid: "ManageSubscriptions",
      actions: ["sns:GetSubscriptionAttributes", "sns:Unsubscribe"],
      resources: ["*"],
    },
    {
      sid: "ManageCompositeAlarm",
      actions: ["cloudwatch:PutCompositeAlarm"],
      resources: [arn("cloudwatch", `alarm:${names.id}-*`)],
    },
    {
      // A dashboard is in no region.
      sid: "ManageDashboard",
      actions: [
        "cloudwatch:DeleteDashboards",
        "cloudwatch:GetDashboard",
        "cloudwatch:PutDashboard",
      ],
      resources: [`arn:${partition}:cloudwatch::${account}:dashboard/${names.id}`],
    },
    {
      sid: "FindDashboards",
      actions: ["cloudwatch:ListDashboards"],
      resources: ["*"],
    },
    {
      // A budget is in no region. Its actions have other names than the calls.
      sid: "ManageBudget",
      actions: [
        "budgets:ListTagsForResource",
        "budgets:ModifyBudget",
        "budgets:TagResource",
        "budgets:UntagResource",
        "budgets:ViewBudget",
      ],
      resources: [`arn:${partition}:budgets::${account}:budget/${names.id}`],
    },
    {
      // A saved query has no ARN.
      sid: "ManageSavedQueries",
      actions: [
        "logs:DeleteQueryDefinition",
        "logs:DescribeQueryDefinitions",
        "logs:PutQueryDefinition",
      ],
      resources: ["*"],
    },
  ];
}
