import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { withPatience } from "../process/patience.ts";
import { clockError, identityError, notAws, type AskedOf } from "./identity-error.ts";

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

type Sts = Pick<STSClient, "send"> & {
  /** The SDK measures how far AWS's clock is ahead of this one, in milliseconds, by the Date of each answer. */
  readonly config?: { readonly systemClockOffset?: number };
};

export interface Asked extends AskedOf {
  /** The service in the region where every account is enabled. */
  readonly elsewhere: () => Promise<Sts>;
  readonly signal: AbortSignal;
}

/**
 * Returns the owner of the credentials. Throws CommandError (64) with one sentence and one command, after at most 4
 * seconds: when they have expired, when AWS does not accept them, when it does not answer, or when this machine's clock is wrong.
 */
export async function whoAmI(sts: Sts, asked: Asked): Promise<Identity> {
  const answer = await ask(sts, asked).catch(async (error: unknown) => {
    throw asked.signal.aborted ? asked.signal.reason : await explain(error, sts, asked);
  });
  const { Account: account = "", Arn: arn = "" } = answer;
  if (!/^\d{12}$/.test(account)) {
    throw notAws(asked.region, { why: `the account in its answer is ${JSON.stringify(account)}` });
  }
  const offset = offsetOf(sts);
  // AWS accepts signatures for five minutes only, and releases schedule by this clock.
  if (Math.abs(offset) >= mostOffsetMilliseconds) throw clockError(offset);
  return { account, arn };
}

/** aws, aws-cn, aws-us-gov or aws-eusc: the caller's own, because accounts do not reach into another partition. */
export function partitionOf({ arn }: Pick<Identity, "arn">): string {
  return arn.split(":")[1] ?? "aws";
}

async function ask(sts: Sts, { signal }: Pick<Asked, "signal">) {
  const over = new AbortController();
  try {
    return await withPatience(
      answerMilliseconds,
      signal,
      () => new Error(`no answer within ${answerMilliseconds / 1000} seconds`),
      async () => sts.send(new GetCallerIdentityCommand({}), { abortSignal: over.signal }),
    );
  } finally {
    over.abort();
  }
}

async function explain(failure: unknown, sts: Sts, asked: Asked): Promise<Error> {
  const offset = offsetOf(sts);
  if (/signature (not yet current|expired)|TimeTooSkewed/i.test(String(failure)) && offset !== 0) {
    return clockError(offset, failure);
  }
  const { name = "" } = failure as { readonly name?: string };
  // A region that is off refuses the keys of an account as if they were wrong.
  const isDoubtful = /InvalidClientTokenId|UnrecognizedClient|OptInRequired/.test(name);
  return identityError(failure, asked, isDoubtful ? await accountElsewhere(asked) : undefined);
}

async function accountElsewhere(asked: Asked): Promise<string | undefined> {
  try {
    return (await ask(await asked.elsewhere(), asked)).Account;
  } catch {
    return undefined;
  }
}

function offsetOf({ config }: Sts): number {
  return config?.systemClockOffset ?? 0;
}

const answerMilliseconds = 4000;
const mostOffsetMilliseconds = 4 * 60_000;
