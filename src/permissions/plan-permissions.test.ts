import { expect, test } from "vitest";
import { nameStack, stateBucketName } from "../stack/names.ts";
import { planPermissions } from "./plan-permissions.ts";
import { policyDocument } from "./policy-document.ts";

const placeOf = (name: string, environment: string, region: string) => ({
  partition: "aws-us-gov",
  region,
  account: "111122223333",
  bucket: stateBucketName("111122223333", region),
  names: nameStack(name, environment, region),
});

test("a pull request reads, and neither writes nor logs in", () => {
  const actions = planPermissions(placeOf("app", "production", "eu-west-1"), {
    hasSight: true,
    hasCloudfront: true,
    hasWebAcl: true,
  }).flatMap((statement) => statement.actions);
  expect(actions).toEqual(expect.arrayContaining(["s3:GetObject", "iam:GetRole", "ec2:Describe*"]));
  expect(actions.filter((action) => !/:(Get|List|Describe|View|BatchGet)/.test(action))).toEqual(
    [],
  );
  expect(actions).toContain("ecr:BatchGetImage");
  expect(actions).not.toContain("ecr:GetAuthorizationToken");
  expect(actions).not.toContain("secretsmanager:GetSecretValue");
  // It has the API keys.
  expect(actions).not.toContain("wafv2:GetRuleGroup");
  expect(actions).toContain("wafv2:GetWebACL");
  const without = planPermissions(placeOf("app", "production", "eu-west-1"), {
    hasSight: false,
    hasCloudfront: false,
    hasWebAcl: false,
  });
  expect(without.flatMap((one) => one.actions).filter((one) => one.startsWith("wafv2"))).toEqual(
    [],
  );
});

test("it reads no document of another stack, and no role but the stack's", () => {
  const place = placeOf("app", "production", "eu-west-1");
  const reading = (action: string) =>
    planPermissions(place, {
      hasHealthChecks: true,
      hasSight: true,
      hasCloudfront: true,
      hasWebAcl: true,
    })
      .filter(({ actions }) => actions.includes(action))
      .flatMap(({ resources }) => resources);
  expect(reading("s3:GetObject")).toEqual([`arn:aws-us-gov:s3:::${place.bucket}/app/production/*`]);
  expect(reading("iam:GetRole").every((arn) => arn.includes("/app-production-"))).toBe(true);
});

test("it fits into a role, even with the longest names", () => {
  const place = placeOf("n".repeat(32), "longestpossible", "ap-southeast-1");
  const size = JSON.stringify(
    policyDocument(
      planPermissions(place, {
        hasHealthChecks: true,
        hasSight: true,
        hasCloudfront: true,
        hasWebAcl: true,
      }),
    ),
  ).length;
  // The inline policies of a role (IAM user guide, "IAM and AWS STS quotas").
  expect(size).toBeLessThanOrEqual(10_240);
});
