import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { policyDocument } from "./policy-document.ts";
import { nameStack, stateBucketName } from "../stack/names.ts";
import { cloudfrontPermissions } from "./cloudfront-permissions.ts";
import { costPermissions } from "./cost-permissions.ts";
import { computePermissions } from "./compute-permissions.ts";
import { loginPermissions } from "./login-permissions.ts";
import { machinePermissions } from "./machine-permissions.ts";
import { releasePermissions } from "./release-permissions.ts";
import { surroundingPermissions } from "./infrastructure-permissions.ts";
import type { Place, Statement } from "./statement.ts";
import { routingPermissions } from "./routing-permissions.ts";
import { sessionPermissions } from "./session-permissions.ts";
import { sightPermissions } from "./sight-permissions.ts";
import { wafPermissions } from "./waf-permissions.ts";

const page = fileURLToPath(new URL("../../docs/reference/iam.md", import.meta.url));

test("docs/reference/iam.md shows the policies as they are; --update writes it", async () => {
  await expect(iamPage()).toMatchFileSnapshot(page);
});

test("each policy is one managed policy, even of the longest names", () => {
  const place = placeOf("n".repeat(32), "longestpossible", "ap-southeast-1");
  const sizes = policiesOf(place).map((one) => JSON.stringify(policyDocument(one)).length);
  // IAM counts without white space (IAM user guide, "IAM and AWS STS quotas").
  expect(Math.max(...sizes)).toBeLessThanOrEqual(6144);
});

/** docs/reference/iam.md: the policies for a stack `app` in its environment `production`. */
function iamPage(): string {
  const place = placeOf("app", "production", "eu-west-1");
  const [release, surroundings, compute, cost, machine, sight, ...rest] = policiesOf(place);
  const [routing, cloudfront, login, waf, sessions] = rest;
  return `${head}
## For releases

Enough for \`release\`, \`rollback\`, \`restart\`, \`releases\`, \`status\`, \`logs\`, \`lock\` and \`secrets list\`: a CI that never changes infrastructure.

${policy(release)}

## For everything

\`up\`, \`plan\` and \`destroy\` work through Terraform. They need the policy above and these two; one policy of all three would be larger than IAM takes.

State, role, registry, logs, alarms, secrets and domain (\`secrets set\` and \`secrets remove\` need the statement \`ManageSecrets\`):

${policy(surroundings)}

Network, instances and load balancer:

${policy(compute)}

## For \`exec\` and \`run\`

The policy for releases, and this one. It makes its owner root on the stack's instances, so that no CI should have it:

${policy(sessions)}

## For \`cost\`

Cost Explorer, and what \`--advise\` reads. In an organisation the account that pays must let its members use Cost Explorer, and only that account may activate tags. Without these calls \`cost\` still shows the estimate:

${policy(cost)}

## With \`topology: single\`

\`up\`, \`plan\` and \`destroy\` of a stack of one machine:

${policy(machine)}

## With \`alerts\`, \`dashboard\` or \`budget\`

\`up\`, \`plan\` and \`destroy\` of a stack whose alarms reach people, or that has a dashboard or a budget. \`status\` needs \`sns:ListSubscriptionsByTopic\` of it to name the addresses that are not confirmed, and warns without it. The page of \`infer-deploy dashboard\` shows the budget with \`budgets:ViewBudget\`:

${policy(sight)}

## With \`routing: latency\` or \`primary\`

\`up\`, \`plan\` and \`destroy\` of a stack whose health Route53 checks:

${policy(routing)}

## With \`https: cloudfront\`

\`up\`, \`plan\` and \`destroy\` of a stack with CloudFront's address. A release of a stack with cached routes needs the statement \`EmptyCache\` of it, and warns without it:

${policy(cloudfront)}

## With \`auth: oidc\`

\`up\` of a stack with a login:

${policy(login)}

## With \`waf\` or \`auth: keys\`

\`up\`, \`plan\` and \`destroy\` of a stack that has a web ACL, and had one, and \`keys\`. A release needs \`wafv2:GetWebACLForResource\` and \`wafv2:GetSampledRequests\` of it to name the rule that blocks its probe, and says less without them:

${policy(waf)}
`;
}

function policiesOf(
  place: Place,
): readonly [
  ...[Policy, Policy, Policy, Policy, Policy, Policy],
  ...[Policy, Policy, Policy, Policy, Policy],
] {
  return [
    releasePermissions(place),
    surroundingPermissions(place),
    computePermissions(place),
    costPermissions(),
    machinePermissions(place),
    sightPermissions(place),
    routingPermissions(place),
    cloudfrontPermissions(place),
    loginPermissions(place),
    wafPermissions(place),
    sessionPermissions(place),
  ];
}

function placeOf(name: string, environment: string, region: string): Place {
  const account = "111122223333";
  return {
    partition: "aws",
    region,
    account,
    bucket: stateBucketName(account, region),
    names: nameStack(name, environment, region),
  };
}

type Policy = readonly Statement[];

function policy(statements: Policy): string {
  return `\`\`\`json\n${JSON.stringify(policyDocument(statements), null, 2)}\n\`\`\``;
}

const head = `# Permissions

The policies below are for a stack \`app\` in the environment \`production\`, in eu-west-1 of the account 111122223333. Replace \`app/production\`, \`app-production\`, \`eu-west-1\` and \`111122223333\` by your own, wherever they are.
\`infer-deploy doctor\` asks IAM's simulator whether your credentials have them.

Some needs are not obvious:

- A conditional write or delete in S3 needs \`s3:GetObject\` as well. Without \`s3:ListBucket\`, S3 answers 403 for an object that does not exist.
- Auto Scaling starts instances by a launch template in the caller's name: the caller needs \`ec2:RunInstances\`, \`ec2:CreateTags\` and \`iam:PassRole\`.
- The first load balancer and the first group of an account make their service-linked roles by \`iam:CreateServiceLinkedRole\`.
- No policy here has \`secretsmanager:GetSecretValue\` for the container's secrets: only the instances' role reads their values. \`ReadApiKeys\` is for a stack with \`auth: keys\`, whose address a release's probe asks with a key; \`ReadClientSecret\` for one with \`auth: oidc\`, whose listener gets the client's secret.
- A stack whose \`model.source\` is in S3 also needs \`s3:ListBucket\` and \`s3:GetObject\` there; [The model](model.md#permissions) has the policy.
- The calls that describe EC2, Auto Scaling and Elastic Load Balancing take no resource, so they are allowed on \`*\`.
- A stack whose \`NAME-ENVIRONMENT\` has more than 26 characters has shortened names of target groups, of a load balancer and sometimes of a role. \`infer-deploy plan\` shows them.
- A change of \`identity.permissions_boundary\` in a stack that is up also needs \`iam:PutRolePermissionsBoundary\` or \`iam:DeleteRolePermissionsBoundary\` on its role. No policy here has them, because they lift limits that others may have set.
`;
