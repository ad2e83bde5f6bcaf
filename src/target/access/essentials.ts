import type { AwsClients } from "../../aws/clients.ts";
import { whoAmI, type Identity } from "../../aws/identity.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { askEngine, noEngine } from "../../image/ask-engine.ts";
import { withDeadline } from "../../process/deadline.ts";
import type { Interrupts } from "../../process/interrupts.ts";
import type { Run } from "../../process/programs/run.ts";
import { findTerraform } from "../../terraform/run/binary.ts";
import type { Access } from "./access.ts";

interface EssentialsDeps {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly interrupts: Pick<Interrupts, "aborted">;
}

interface Destination {
  readonly aws: Pick<AwsClients, "sts">;
  readonly access: Pick<Access, "renewal">;
  readonly region: string;
}

/** A program that a verb works with. */
export type Tool = "engine" | "terraform";

/**
 * What a verb cannot do without: credentials, and of the programs those that it needs. All are looked at together.
 * Throws CommandError (64) that names everything that is missing, each with one command.
 */
export async function checkEssentials(
  deps: EssentialsDeps,
  to: Destination,
  tools: readonly Tool[],
): Promise<Identity> {
  const results = await Promise.allSettled([
    checkCredentials(to, deps.interrupts.aborted),
    tools.includes("engine") ? checkEngine(deps.run) : undefined,
    tools.includes("terraform") ? findTerraform(deps.run, deps.env) : undefined,
  ]);
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const [identity] = results;
  if (errors.length === 0 && identity.status === "fulfilled") {
    return identity.value;
  }
  if (errors.length === 1) {
    throw errors[0];
  }
  throw new CommandError(`${errors.length} things stand in the way.`, {
    exitCode: exitCodes.usage,
    detail: errors.flatMap(describe),
  });
}

function describe(error: unknown): readonly string[] {
  if (!(error instanceof CommandError)) {
    return [String(error)];
  }
  const why = error.why ?? (error.cause instanceof Error ? error.cause.message : undefined);
  return [
    error.message,
    ...(why === undefined || why === "" ? [] : [`  why:  ${why}`]),
    ...(error.next === undefined ? [] : [`  next: ${error.next}`]),
  ];
}

/** First the keys, which a program of the user's may take its time for, then what AWS says of them. */
async function checkCredentials(
  { aws, access, region }: Destination,
  signal: AbortSignal,
): Promise<Identity> {
  const sts = await aws.sts();
  await sts.config.credentials();
  const elsewhere = async () => aws.sts(homeRegion(region));
  return whoAmI(sts, { region, renewal: access.renewal(), elsewhere, signal });
}

/** In each partition, the region that no account can turn off. */
function homeRegion(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

/** Throws CommandError (64) when no Docker engine answers. */
async function checkEngine(run: Run): Promise<void> {
  await withDeadline(
    answerMilliseconds,
    async (signal) => askEngine(run, signal),
    () => noEngine(`no answer within ${answerMilliseconds / 1000} seconds`),
  );
}

/** A version manager's stand-in for a program may look for the version first. */
const answerMilliseconds = 10_000;
