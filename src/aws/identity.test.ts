import { expect, test } from "vitest";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { whoAmI, type Asked } from "./identity.ts";

type Sts = Parameters<typeof whoAmI>[0];

function sts(answer: () => unknown, systemClockOffset = 0): Sts {
  return { send: async () => answer(), config: { systemClockOffset } } as Sts;
}

function failing(name: string, message = "the service's own words", more: object = {}) {
  return sts(() => {
    throw Object.assign(new Error(message), { name, ...more });
  });
}

function asked(changes: Partial<Asked> = {}): Asked {
  return {
    region: "eu-west-1",
    renewal: "aws sso login --profile work",
    elsewhere: async () => failing("InvalidClientTokenId"),
    signal: new AbortController().signal,
    ...changes,
  };
}

const ada = { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/ada" };

test("the account and the caller", async () => {
  expect(
    await whoAmI(
      sts(() => ada),
      asked(),
    ),
  ).toEqual({
    account: "123456789012",
    arn: "arn:aws:iam::123456789012:user/ada",
  });
});

test.each([
  ["ExpiredTokenException", "The AWS credentials have expired.", "aws sso login --profile work"],
  ["ExpiredToken", "The AWS credentials have expired.", "aws sso login --profile work"],
  [
    "InvalidClientTokenId",
    "AWS does not accept these credentials in eu-west-1.",
    "get-caller-identity",
  ],
  ["TimeoutError", "AWS does not answer in eu-west-1.", "network"],
  ["Throttling", "AWS is throttling calls of this account in eu-west-1.", "wait"],
])("%s is one sentence and one command, exit 64", async (name, message, next) => {
  await expect(whoAmI(failing(name), asked())).rejects.toMatchObject({
    exitCode: 64,
    message,
    next: expect.stringContaining(next),
    cause: expect.objectContaining({ name }),
  });
});

test.each([
  [
    { code: "ENOTFOUND" },
    "getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com",
    "the name sts.eu-west-1.amazonaws.com does not resolve here",
    "--region",
  ],
  [
    { code: "SELF_SIGNED_CERT_IN_CHAIN" },
    "self-signed certificate in certificate chain",
    "the certificate of AWS's address is not trusted here (SELF_SIGNED_CERT_IN_CHAIN)",
    "AWS_CA_BUNDLE=",
  ],
  [
    { name: "ProxyError" },
    "the proxy proxy:3128 (HTTPS_PROXY) wants a name and a password (407)",
    "the proxy proxy:3128 (HTTPS_PROXY) wants a name and a password (407)",
    "HTTPS_PROXY",
  ],
])("a broken way to AWS is named: %j", async (more, message, cause, next) => {
  await expect(whoAmI(failing("Error", message, more), asked())).rejects.toMatchObject({
    exitCode: 64,
    message: `AWS cannot be reached in eu-west-1: ${cause}.`,
    next: expect.stringContaining(next),
  });
});

test("a region that is off and keys that are wrong are two errors", async () => {
  const elsewhere = async () => sts(() => ada);
  await expect(
    whoAmI(failing("InvalidClientTokenId"), asked({ region: "ap-east-1", elsewhere })),
  ).rejects.toMatchObject({
    message: "The region ap-east-1 is not enabled for the account 123456789012.",
    next: expect.stringContaining("aws account enable-region --region-name ap-east-1"),
  });
});

test.each([
  [600_000, "This machine's clock is 10 min behind AWS's."],
  [-3_600_000, "This machine's clock is 60 min ahead of AWS's."],
])("a clock that is off by %i ms is an error with the minutes", async (offset, message) => {
  const facts = { exitCode: 64, message, next: expect.stringContaining("timedatectl") };
  await expect(
    whoAmI(
      sts(() => ada, offset),
      asked(),
    ),
  ).rejects.toMatchObject(facts);
  const refused = sts(() => {
    throw Object.assign(new Error("Signature expired: 20260101T000000Z is now earlier than"), {
      name: "SignatureDoesNotMatch",
    });
  }, offset);
  await expect(whoAmI(refused, asked())).rejects.toMatchObject(facts);
});

test("a clock that is a minute off is good enough", async () => {
  expect(
    await whoAmI(
      sts(() => ada, 60_000),
      asked(),
    ),
  ).toMatchObject({ account: ada.Account });
});

test("a signal ends the question", async () => {
  const controller = new AbortController();
  const waiting = whoAmI(
    { send: async () => new Promise(() => undefined) } as Sts,
    asked({ signal: controller.signal }),
  );
  controller.abort(new InterruptedError("SIGINT", "Stopped by Ctrl-C"));
  await expect(waiting).rejects.toMatchObject({ exitCode: 130 });
});

test.each([undefined, "", "12345", "<html>"])("%j is no account", async (account) => {
  const client = sts(() => ({ Account: account, Arn: "" }));
  await expect(whoAmI(client, asked())).rejects.toMatchObject({
    exitCode: 64,
    message: "Something other than AWS answers in eu-west-1.",
  });
});
