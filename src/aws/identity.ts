import {
  GetCallerIdentityCommand,
  type GetCallerIdentityCommandOutput,
  type STSClient,
} from "@aws-sdk/client-sts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { withDeadline } from "../process/deadline.ts";

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/**
 * Returns the owner of the credentials. Throws CommandError (64) with one sentence and one command, after at most 2.5
 * seconds: when there are none, when they have expired, when AWS does not accept them, or when it does not answer.
 * `profile` is the requested one.
 */
export async function whoAmI(
  sts: Pick<STSClient, "send">,
  region: string,
  profile?: string,
): Promise<Identity> {
  let answer: GetCallerIdentityCommandOutput;
  try {
    answer = await withDeadline(
      answerMilliseconds,
      (abortSignal) => sts.send(new GetCallerIdentityCommand({}), { abortSignal }),
      // Either the service hung, or the source of the credentials.
      () => new Error(`no answer within ${answerMilliseconds / 1000} seconds`),
    );
  } catch (error) {
    throw explain(error, region, profile);
  }
  const { Account: account = "", Arn: arn = "" } = answer;
  if (!/^\d{12}$/.test(account)) {
    throw notAws(region, { why: `the account in its answer is ${JSON.stringify(account)}` });
  }
  return { account, arn };
}

function explain(error: unknown, region: string, profile: string | undefined): CommandError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const facts = (next: string) => ({ exitCode: exitCodes.usage, cause: error, next });
  if (/ExpiredToken|TokenRefreshRequired|RequestExpired|SSOTokenProvider/.test(name)) {
    return new CommandError("The AWS credentials have expired.", facts(signIn(profile)));
  }
  if (name === "CredentialsProviderError") {
    return profile === undefined
      ? new CommandError(
          "There are no AWS credentials here.",
          facts("aws configure sso, or set AWS_PROFILE; --sandbox needs none"),
        )
      : new CommandError(
          `The AWS profile ${profile} does not exist or has no credentials.`,
          facts("aws configure list-profiles lists them; --sandbox needs none"),
        );
  }
  if (
    /InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|AccessDenied|InvalidAccessKeyId/.test(
      name,
    )
  ) {
    return new CommandError(
      `AWS does not accept these credentials in ${region}.`,
      facts(
        "aws sts get-caller-identity shows which ones are used; a region may also be disabled for the account",
      ),
    );
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name)) {
    return new CommandError(
      `AWS is throttling calls of this account in ${region}.`,
      facts("wait a minute, then run the same command again"),
    );
  }
  // The SDK's message when the answer is not from the service.
  if (/Deserialization error|parse error/.test(message)) return notAws(region, { cause: error });
  return new CommandError(
    `AWS does not answer in ${region}.`,
    facts("check the network and the region, then try again"),
  );
}

function notAws(
  region: string,
  facts: { readonly why: string } | { readonly cause: unknown },
): CommandError {
  return new CommandError(`Something other than AWS answers in ${region}.`, {
    ...facts,
    exitCode: exitCodes.usage,
    next: "sign in to your network, and check HTTPS_PROXY and AWS_ENDPOINT_URL",
  });
}

function signIn(profile: string | undefined): string {
  return profile === undefined ? "aws sso login" : `aws sso login --profile ${profile}`;
}

const answerMilliseconds = 2500;
