import { expect, test } from "vitest";
import { parseAwsError } from "./aws-error.ts";

test("an error of the second SDK", () => {
  const text =
    "creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 403, RequestID: 59dbff89-35bd-4eac-99ed-be587EXAMPLE, " +
    "api error UnauthorizedOperation: You are not authorized to perform this operation.\nmore";
  expect(parseAwsError(text)).toEqual({
    service: "EC2",
    operation: "CreateVpc",
    code: "UnauthorizedOperation",
    message: "You are not authorized to perform this operation.",
    requestId: "59dbff89-35bd-4eac-99ed-be587EXAMPLE",
  });
});

test("a typed error, without the words api error", () => {
  const text =
    "Error: operation error S3: ListObjectsV2, https response error StatusCode: 404, RequestID: jbvf7gdW7, HostID: 9Gj/ct1m+cj=, NoSuchBucket: \n";
  expect(parseAwsError(text)).toMatchObject({
    service: "S3",
    code: "NoSuchBucket",
    message: "",
    requestId: "jbvf7gdW7",
  });
  const typed =
    "operation error ECR: CreateRepository, https response error StatusCode: 400, RequestID: 7f-1, RepositoryAlreadyExistsException: already there";
  expect(parseAwsError(typed)).toMatchObject({
    code: "RepositoryAlreadyExistsException",
    message: "already there",
  });
});

test("an error of the first SDK", () => {
  const text =
    "error validating provider credentials: ExpiredToken: The security token is expired\n\tstatus code: 403, request id: abc-1";
  expect(parseAwsError(text)).toMatchObject({
    code: "ExpiredToken",
    message: "The security token is expired",
    requestId: "abc-1",
  });
});

test("a request without an answer", () => {
  const text =
    'operation error STS: GetCallerIdentity, https response error StatusCode: 0, RequestID: , request send failed, Post "x": dial tcp: no such host';
  expect(parseAwsError(text)).toEqual({
    service: "STS",
    operation: "GetCallerIdentity",
    code: "",
    message: "",
    requestId: "",
  });
});

test("text that does not come from AWS", () => {
  expect(
    parseAwsError("Invalid multi-line string: quoted strings may not be split"),
  ).toBeUndefined();
});
