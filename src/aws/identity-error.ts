import { CommandError, exitCodes } from "../errors/command-error.ts";
import { networkCause } from "../errors/network-cause.ts";

export interface AskedOf {
  readonly region: string;
  /** The command that gives new keys. */
  readonly renewal: string;
}

/**
 * What an answer to "who am I?" means: one sentence and one command. `account`: of these keys, where another region accepts them.
 */
export function identityError(
  error: unknown,
  { region, renewal }: AskedOf,
  account: string | undefined,
): CommandError {
  if (error instanceof CommandError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const refuse = (sentence: string, next: string) =>
    new CommandError(sentence, { exitCode: exitCodes.usage, cause: error, next });
  if (/ExpiredToken|TokenRefreshRequired|RequestExpired/.test(name)) {
    return refuse("The AWS credentials have expired.", renewal);
  }
  if (account !== undefined) {
    return refuse(
      `The region ${region} is not enabled for the account ${account}.`,
      `aws account enable-region --region-name ${region}, or choose another region`,
    );
  }
  if (
    /InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|AccessDenied|InvalidAccessKeyId|OptInRequired/.test(
      name,
    )
  ) {
    return refuse(
      `AWS does not accept these credentials in ${region}.`,
      "aws sts get-caller-identity shows which ones are used; a region may also be disabled for the account",
    );
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name)) {
    return refuse(
      `AWS is throttling calls of this account in ${region}.`,
      "wait a minute, then run the same command again",
    );
  }
  // The SDK's message when the answer is not from the service.
  if (/Deserialization error|parse error/.test(message)) return notAws(region, { cause: error });
  const network = networkCause(error);
  return network === undefined
    ? refuse(
        `AWS does not answer in ${region}.`,
        "check the network and the region, then try again",
      )
    : refuse(`AWS cannot be reached in ${region}: ${network.message}.`, network.next);
}

/** `offset`: milliseconds that AWS's clock is ahead. */
export function clockError(offset: number, cause?: unknown): CommandError {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  return new CommandError(
    `This machine's clock is ${minutes} min ${offset > 0 ? "behind" : "ahead of"} AWS's.`,
    {
      exitCode: exitCodes.usage,
      ...(cause === undefined
        ? { why: "AWS accepts a request for five minutes, and a release schedules by the clock" }
        : { cause }),
      next: "sudo timedatectl set-ntp true",
    },
  );
}

export function notAws(
  region: string,
  facts: { readonly why: string } | { readonly cause: unknown },
): CommandError {
  return new CommandError(`Something other than AWS answers in ${region}.`, {
    ...facts,
    exitCode: exitCodes.usage,
    next: "sign in to your network, and check HTTPS_PROXY and AWS_ENDPOINT_URL",
  });
}
