import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { nameStack, stateBucketName } from "../stack/names.ts";
import { releasePermissions } from "./release-permissions.ts";
import { infrastructurePermissions } from "./infrastructure-permissions.ts";
import type { Place, Statement } from "./statement.ts";

const page = fileURLToPath(new URL("../../docs/reference/iam.md", import.meta.url));

test("docs/reference/iam.md shows the policies as they are; --update writes it", async () => {
  await expect(iamPage()).toMatchFileSnapshot(page);
});

/** docs/reference/iam.md: the two policies for a stack `app` in its environment `production`. */
function iamPage(): string {
  const region = "eu-west-1";
  const account = "111122223333";
  const place: Place = {
    partition: "aws",
    region,
    account,
    bucket: stateBucketName(account, region),
    names: nameStack("app", "production", region),
  };
  return `${head}
## For releases

Enough for \`release\`, \`rollback\`, \`releases\`, \`status\` and \`lock\`: a CI that never changes infrastructure.

${policy(releasePermissions(place))}

## For everything

For \`up\`, \`plan\` and \`destroy\` as well, which work through Terraform.

${policy([...releasePermissions(place), ...infrastructurePermissions(place)])}
`;
}

function policy(statements: readonly Statement[]): string {
  return `\`\`\`json\n${JSON.stringify(policyDocument(statements), null, 2)}\n\`\`\``;
}

const head = `# Permissions

The policies below are for a stack \`app\` in the environment \`production\`, in eu-west-1 of the account 111122223333. Replace these four by your own.
\`infer-deploy doctor\` asks IAM's simulator whether your credentials have them.

Some needs are not obvious:

- A conditional write or delete in S3 needs \`s3:GetObject\` as well. Without \`s3:ListBucket\`, S3 answers 403 for an object that does not exist.
- Auto Scaling starts instances by a launch template in the caller's name: the caller needs \`ec2:RunInstances\`, \`ec2:CreateTags\` and \`iam:PassRole\`.
- The first load balancer and the first group of an account make their service-linked roles by \`iam:CreateServiceLinkedRole\`.
- The calls that describe EC2, Auto Scaling, Elastic Load Balancing and CloudWatch take no resource, so they are allowed on \`*\`.
`;

/** The policy document that IAM takes. */
function policyDocument(statements: readonly Statement[]): {
  readonly Version: string;
  readonly Statement: readonly object[];
} {
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, resources, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  };
}
