import type { AwsClients } from "../aws/clients.ts";
import { whoAmI, type Identity } from "../aws/identity.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { withDeadline } from "../process/deadline.ts";
import { lastLine } from "../process/last-line.ts";
import type { Run } from "../process/run.ts";
import { findTerraform } from "../terraform/run/binary.ts";

interface EssentialsDeps {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A program that a verb works with. */
export type Tool = "engine" | "terraform";

/**
 * What a verb cannot do without: credentials, and of the programs those that it needs. All are looked at together.
 * Throws CommandError (64) that names everything that is missing, each with one command.
 */
export async function checkEssentials(
  deps: EssentialsDeps,
  aws: AwsClients,
  region: string,
  tools: readonly Tool[],
): Promise<Identity> {
  const results = await Promise.allSettled([
    checkCredentials(aws, region, deps.env),
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

async function checkCredentials(
  aws: AwsClients,
  region: string,
  env: EssentialsDeps["env"],
): Promise<Identity> {
  return whoAmI(await aws.sts(), region, aws.profile ?? (env["AWS_PROFILE"] || undefined));
}

/** Throws CommandError (64) when no Docker engine answers. */
async function checkEngine(run: Run): Promise<void> {
  const facts = {
    exitCode: exitCodes.usage,
    next: "start Docker Desktop, or: sudo systemctl start docker",
  };
  const message = "No Docker engine answers, and the image is built with one.";
  const result = await withDeadline(
    answerMilliseconds,
    (signal) =>
      run({
        file: "docker",
        args: ["version", "--format", "{{.Server.Version}}"],
        writes: false,
        signal,
      }),
    () =>
      new CommandError(message, {
        ...facts,
        why: `no answer within ${answerMilliseconds / 1000} seconds`,
      }),
  );
  if (result.exitCode !== 0) {
    throw new CommandError(message, { ...facts, why: lastLine(result.stderr) });
  }
}

const answerMilliseconds = 2500;
