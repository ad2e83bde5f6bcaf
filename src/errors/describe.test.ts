import { expect, test } from "vitest";
import { CommandError } from "./command-error.ts";
import { describe, describeLine } from "./describe.ts";

function sdkError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { requestId: "r-1" }, ...more });
}

test.each([
  [
    "AccessDenied",
    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: s3:PutObject on resource: x",
    "AWS does not allow these credentials to call s3:PutObject",
    "Allow s3:PutObject to arn:aws:iam::123456789012:user/ada",
  ],
  ["AccessDenied", "Access Denied", "AWS does not allow these credentials to do this", "Allow"],
  ["ExpiredToken", "The token has expired.", "The AWS credentials have expired", "aws sso login"],
  ["CredentialsProviderError", "The SSO session has expired", "expired", "aws sso login"],
  ["CredentialsProviderError", "Could not load", "no valid AWS credentials", "get-caller-identity"],
  ["SlowDown", "Please reduce your request rate.", "AWS throttled the calls", "Wait"],
  ["ThrottlingException", "Rate exceeded", "AWS throttled the calls", "Wait"],
  ["PermanentRedirect", "use the endpoint", "in another region", "--region"],
  ["AuthorizationHeaderMalformed", "expecting 'eu-west-1'", "in another region", "--region"],
  ["NoSuchBucket", "The bucket does not exist", "The state bucket does not exist", "up"],
])("%s: %s", (name, message, sentence, next) => {
  expect(describe(sdkError(name, message))).toMatchObject({
    message: expect.stringContaining(sentence),
    next: expect.stringContaining(next),
    why: `${name}: ${message} (AWS request r-1)`,
  });
});

test.each([
  ["ENOTFOUND", "getaddrinfo ENOTFOUND s3.eu-west-1.amazonaws.com"],
  ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9"],
  ["ECONNRESET", "socket hang up"],
  ["ENETUNREACH", "connect ENETUNREACH 10.0.0.1:443"],
  ["EAI_AGAIN", "getaddrinfo EAI_AGAIN s3.amazonaws.com"],
])("a network that is gone: %s", (code, message) => {
  const error = sdkError("Error", message, { code, $metadata: { attempts: 5 } });
  expect(describe(error)).toMatchObject({
    message: "AWS could not be reached",
    why: message,
  });
});

test("AWS does not answer in time", () => {
  const error = sdkError("TimeoutError", "Connection timed out after 1000 ms", { $metadata: {} });
  expect(describe(error)).toMatchObject({ message: "AWS could not be reached" });
});

test("an error from elsewhere keeps its own words, an unknown one of AWS also its request id", () => {
  const refused = new Error("connect ECONNREFUSED 127.0.0.1:9");
  expect(describe(refused)).toMatchObject({
    message: `Error: ${refused.message}`,
    next: undefined,
  });
  expect(describe(sdkError("InternalError", "We made a mistake"))).toMatchObject({
    message: "InternalError: We made a mistake",
    where: "AWS request r-1",
  });
  expect(describe("ENOTFOUND")).toMatchObject({ message: "ENOTFOUND" });
});

test("as one line, every kind of error keeps its cause and the request id", () => {
  expect(describeLine(sdkError("ThrottlingException", "Rate exceeded"))).toBe(
    "AWS throttled the calls, and the retries ran out (ThrottlingException: Rate exceeded (AWS request r-1))",
  );
  expect(describeLine(sdkError("InternalError", "We made a mistake"))).toBe(
    "InternalError: We made a mistake (AWS request r-1)",
  );
  expect(describeLine(new CommandError("No.", { why: "the disk is full" }))).toBe(
    "No (the disk is full)",
  );
  expect(describeLine(new CommandError("No."))).toBe("No");
});

test.each([
  ["ENOSPC", "This machine's disk is full"],
  ["EDQUOT", "This user's disk quota is used up"],
])("%s is known by its code, with the file", (code, message) => {
  const words = `${code}: no space left on device, write`;
  const error = Object.assign(new Error(words), { code, path: "/state/stack.json" });
  expect(describe(error)).toEqual({
    message,
    where: "/state/stack.json",
    why: words,
    next: "Free space there, then run the same command again.",
  });
});
