import { expect, test } from "vitest";
import { whoAmI } from "./identity.ts";

function sts(answer: () => unknown) {
  return { send: async () => answer() } as unknown as Parameters<typeof whoAmI>[0];
}

function failing(name: string) {
  return sts(() => {
    throw Object.assign(new Error("the service's own words"), { name });
  });
}

test("the account and the caller", async () => {
  const client = sts(() => ({
    Account: "123456789012",
    Arn: "arn:aws:iam::123456789012:user/ada",
  }));
  expect(await whoAmI(client, "eu-west-1")).toEqual({
    account: "123456789012",
    arn: "arn:aws:iam::123456789012:user/ada",
  });
});

test.each([
  ["CredentialsProviderError", "There are no AWS credentials here.", "AWS_PROFILE"],
  ["ExpiredTokenException", "The AWS credentials have expired.", "aws sso login"],
  ["ExpiredToken", "The AWS credentials have expired.", "aws sso login"],
  [
    "InvalidClientTokenId",
    "AWS does not accept these credentials in eu-west-1.",
    "get-caller-identity",
  ],
  ["TimeoutError", "AWS does not answer in eu-west-1.", "network"],
  ["Throttling", "AWS is throttling calls of this account in eu-west-1.", "wait"],
])("%s is one sentence and one command, exit 64", async (name, message, next) => {
  await expect(whoAmI(failing(name), "eu-west-1")).rejects.toMatchObject({
    exitCode: 64,
    message,
    next: expect.stringContaining(next),
    cause: expect.objectContaining({ name }),
  });
});

test("a profile that was asked for is named", async () => {
  await expect(
    whoAmI(failing("CredentialsProviderError"), "eu-west-1", "nope"),
  ).rejects.toMatchObject({
    message: "The AWS profile nope does not exist or has no credentials.",
    next: expect.stringContaining("list-profiles"),
  });
  await expect(whoAmI(failing("ExpiredToken"), "eu-west-1", "work")).rejects.toMatchObject({
    next: "aws sso login --profile work",
  });
});

test.each([undefined, "", "12345", "<html>"])("%j is no account", async (account) => {
  const client = sts(() => ({ Account: account, Arn: "" }));
  await expect(whoAmI(client, "eu-west-1")).rejects.toMatchObject({
    exitCode: 64,
    message: "Something other than AWS answers in eu-west-1.",
  });
});
