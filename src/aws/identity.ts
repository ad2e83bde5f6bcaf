import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { CommandError, exitCodes } from "../errors.ts";

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/**
 * Who the credentials belong to. Throws CommandError (64) with one sentence and one command
 * when there are none, when they have expired, or when AWS does not accept them.
 */
export async function whoAmI(sts: Pick<STSClient, "send">, region: string): Promise<Identity> {
  try {
    const answer = await sts.send(new GetCallerIdentityCommand({}), { requestTimeout: 2500 });
    return { account: answer.Account ?? "", arn: answer.Arn ?? "" };
  } catch (error) {
    throw explain(error, region);
  }
}

function explain(error: unknown, region: string): CommandError {
  const name = error instanceof Error ? error.name : "";
  const facts = (next: string) => ({ exitCode: exitCodes.usage, cause: error, next });
  if (name === "CredentialsProviderError") {
    return new CommandError(
      "There are no AWS credentials here.",
      facts("aws configure sso, or set AWS_PROFILE; --sandbox needs none"),
    );
  }
  if (/ExpiredToken|TokenRefreshRequired|RequestExpired|SSOTokenProvider/.test(name)) {
    return new CommandError("The AWS credentials have expired.", facts("aws sso login"));
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
  return new CommandError(
    `AWS does not answer in ${region}.`,
    facts("check the network and the region, then try again"),
  );
}
