import type { Place, Statement } from "./statement.ts";

/** The roles of the stack and what AWS makes for it. */
export function rolePermissions({ account, names, partition }: Place): readonly Statement[] {
  const iam = (rest: string): string => `arn:${partition}:iam::${account}:${rest}`;
  const role = iam(`role/${names.instance_role}`);
  const flowLogRole = iam(`role/${names.flow_log_role}`);
  const githubRoles = Object.values(names.github_roles).map((name) => iam(`role/${name}`));
  return [
    {
      sid: "ManageRole",
      actions: [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:CreateRole",
        "iam:DeleteInstanceProfile",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:GetInstanceProfile",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:PutRolePolicy",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:TagRole",
        "iam:UntagInstanceProfile",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
      ],
      resources: [
        role,
        flowLogRole,
        ...githubRoles,
        iam(`instance-profile/${names.instance_role}`),
      ],
    },
    {
      // Only a stack with `github` needs it. All stacks of the account share the provider, so nothing deletes it.
      sid: "ShareGithubProvider",
      actions: [
        "iam:CreateOpenIDConnectProvider",
        "iam:GetOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
      ],
      resources: [githubProviderArn({ account, partition })],
    },
    {
      // `doctor` asks the simulator about the caller.
      sid: "SimulateOwnPermissions",
      actions: ["iam:GetRole", "iam:SimulatePrincipalPolicy"],
      resources: [iam("user/*"), iam("role/*")],
    },
    {
      sid: "PassRole",
      actions: ["iam:PassRole"],
      resources: [role],
      condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    {
      sid: "PassFlowLogRole",
      actions: ["iam:PassRole"],
      resources: [flowLogRole],
      condition: { StringEquals: { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" } },
    },
    {
      // A new account has neither role, and the services make them in the caller's name.
      sid: "CreateServiceLinkedRoles",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [iam("role/aws-service-role/*")],
      condition: {
        StringEquals: {
          "iam:AWSServiceName": ["autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com"],
        },
      },
    },
  ];
}

/** The account's OpenID Connect provider for GitHub: an account has one for each issuer. */
export function githubProviderArn({
  account,
  partition,
}: Pick<Place, "account" | "partition">): string {
  return `arn:${partition}:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
}
