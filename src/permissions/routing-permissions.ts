import type { Place, Statement } from "./statement.ts";

/** What `up`, `plan` and `destroy` call for a stack that shares its domain with other regions, in addition to everything else. */
export function routingPermissions({ partition }: Place): readonly Statement[] {
  return [
    {
      // They take no resource.
      sid: "FindHealthChecks",
      actions: ["route53:CreateHealthCheck", "route53:ListHealthChecks"],
      resources: ["*"],
    },
    {
      // Its id is not known before.
      sid: "ManageHealthChecks",
      actions: [
        "route53:ChangeTagsForResource",
        "route53:DeleteHealthCheck",
        "route53:GetHealthCheck",
        "route53:ListTagsForResource",
        "route53:ListTagsForResources",
        "route53:UpdateHealthCheck",
      ],
      resources: [`arn:${partition}:route53:::healthcheck/*`],
    },
  ];
}
