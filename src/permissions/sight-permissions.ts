import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up`, `plan`, `destroy` and `status` call for a stack with `alerts`, in addition to everything else. */
export function sightPermissions(place: Place): readonly Statement[] {
  const { names } = place;
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
  ];
}
