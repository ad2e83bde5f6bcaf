import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up` and `destroy` call for a stack with `waf.mode` or `auth: keys`, in addition to everything else. */
export function wafPermissions(place: Place): readonly Statement[] {
  const { names } = place;
  const arn = arnOf(place);
  return [
    {
      // AWS WAF gives a web ACL its id. Rule groups of AWS belong to no account.
      sid: "ManageWebAcl",
      actions: [
        "wafv2:AssociateWebACL",
        "wafv2:CreateRuleGroup",
        "wafv2:CreateWebACL",
        "wafv2:DeleteLoggingConfiguration",
        "wafv2:DeleteRuleGroup",
        "wafv2:DeleteWebACL",
        "wafv2:DisassociateWebACL",
        "wafv2:GetLoggingConfiguration",
        "wafv2:GetRuleGroup",
        "wafv2:GetSampledRequests",
        "wafv2:GetWebACL",
        "wafv2:GetWebACLForResource",
        "wafv2:ListTagsForResource",
        "wafv2:PutLoggingConfiguration",
        "wafv2:TagResource",
        "wafv2:UntagResource",
        "wafv2:UpdateRuleGroup",
        "wafv2:UpdateWebACL",
      ],
      resources: [
        arn("wafv2", `regional/webacl/${names.id}/*`),
        arn("wafv2", `regional/rulegroup/${names.id}/*`),
        `arn:${place.partition}:wafv2:${place.region}:*:regional/managedruleset/*`,
        arn("elasticloadbalancing", `loadbalancer/app/${names.load_balancer}/*`),
      ],
    },
    {
      // AWS WAF finds a rule group by its id only, so that of the API keys is looked for in the list.
      sid: "FindKeyGroup",
      actions: ["wafv2:ListRuleGroups"],
      resources: ["*"],
    },
    {
      sid: "PutWebAclInFront",
      actions: ["elasticloadbalancing:SetWebACL"],
      resources: [arn("elasticloadbalancing", `loadbalancer/app/${names.load_balancer}/*`)],
    },
    {
      sid: "ManageWebAclLog",
      actions: [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      resources: [arn("logs", `log-group:${names.waf_log_group}*`)],
    },
    {
      // AWS WAF lets itself write to the log group, in the caller's name (CloudWatch Logs user guide, "Logs sent to CloudWatch Logs").
      sid: "LetWebAclLog",
      actions: [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeResourcePolicies",
        "logs:PutResourcePolicy",
      ],
      resources: ["*"],
    },
  ];
}
