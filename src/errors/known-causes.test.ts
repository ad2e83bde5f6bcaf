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

test.each([
  [
    "because no permissions boundary allows the ec2:RunInstances action",
    "because of a permissions boundary",
    "in the permissions boundary of arn:aws:iam::123456789012:user/ada",
  ],
  [
    "with an explicit deny in a permissions boundary: arn:aws:iam::123456789012:policy/edge",
    "because of a permissions boundary",
    "in the permissions boundary of",
  ],
  [
    "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1",
    "because of a service control policy of the organisation",
    "its administrators can",
  ],
  [
    "because no service control policy allows the ec2:RunInstances action",
    "because of a service control policy of the organisation",
    "its administrators can",
  ],
  [
    "because no session policy allows the ec2:RunInstances action",
    "because of the policy of this session",
    "that the session was made with",
  ],
  [
    "with an explicit deny in an identity-based policy",
    "because of a policy that denies it explicitly",
    "removing that statement",
  ],
])("who forbids it is named: %s", (words, message, next) => {
  const text = `User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:123456789012:instance/* ${words}`;
  const cause = causeOf(text, undefined);
  expect(cause?.message).toBe(
    `AWS does not allow these credentials to call ec2:RunInstances, ${message}`,
  );
  expect(cause?.next).toContain(next);
});

test("a missing permission alone names no layer", () => {
  const text =
    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ec2:RunInstances because no identity-based policy allows the ec2:RunInstances action";
  expect(causeOf(text, undefined)?.message).toBe(
    "AWS does not allow these credentials to call ec2:RunInstances",
  );
});

test.each([
  ["proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused", /proxy/, /HTTPS_PROXY/],
  [
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    /certificate/,
    /AWS_CA_BUNDLE/,
  ],
])("terraform's words for the way to AWS: %s", (text, message, next) => {
  expect(causeOf(text, undefined)).toMatchObject({
    message: expect.stringMatching(message),
    next: expect.stringMatching(next),
  });
});
