import { expect, test } from "vitest";
import type { AwsError } from "./aws-error.ts";
import { causeOf } from "./known-causes.ts";

function aws(code: string, more: Partial<AwsError> = {}): AwsError {
  return { service: "", operation: "", code, message: "", requestId: "", ...more };
}

test("a refusal names the action and the identity", () => {
  const text =
    "User: arn:aws:iam::1:user/ada is not authorized to perform: ec2:CreateVpc on resource: x";
  expect(causeOf(text, aws("UnauthorizedOperation"))).toEqual({
    message: "AWS does not allow these credentials to call ec2:CreateVpc",
    next: "Allow ec2:CreateVpc to arn:aws:iam::1:user/ada, then run the same command again.",
  });
});

test("where AWS hides the action, the call is named; where both are missing, none is made up", () => {
  const call = aws("AccessDenied", { service: "S3", operation: "PutObject" });
  expect(causeOf("Access Denied", call)?.message).toContain("call S3 PutObject");
  expect(causeOf("Access Denied", aws("AccessDenied"))).toEqual({
    message: "AWS does not allow these credentials to do this",
    next: "Allow the call to the identity that `aws sts get-caller-identity` shows, then run the same command again.",
  });
});

test("the first match wins: throttling is no quota, and an unsaved state comes before its reason", () => {
  expect(causeOf("", aws("RequestLimitExceeded"))?.message).toContain("throttled the calls");
  expect(causeOf("", aws("VpcLimitExceeded"))?.message).toContain("quota");
  expect(causeOf("wrote errored.tfstate: token has expired", undefined)?.message).toContain(
    "could not be saved",
  );
});

test.each([
  ["dial tcp: lookup ec2.eu-west-1.amazonaws.com: no such host"],
  ["ENOTFOUND getaddrinfo ENOTFOUND sts.amazonaws.com"],
  ["ECONNRESET socket hang up"],
])("a network error as Terraform or Node words it: %s", (text) => {
  expect(causeOf(text, undefined)?.message).toBe("AWS could not be reached");
});

test("an empty code matches no entry, and a code's name in the text does not count", () => {
  expect(causeOf("something else", aws(""))).toBeUndefined();
  expect(causeOf("The NoSuchBucket is a word here", undefined)).toBeUndefined();
});
