import type { AwsClients } from "../aws/clients.ts";
import { whoAmI, type Identity } from "../aws/identity.ts";
import { CommandError, exitCodes } from "../errors.ts";
import type { Run } from "../process/run.ts";
import { findTerraform } from "../terraform/binary.ts";

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
    checkCredentials(aws, region),
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
    ...(why === undefined ? [] : [`  why:  ${why}`]),
    ...(error.next === undefined ? [] : [`  next: ${error.next}`]),
  ];
}

async function checkCredentials(aws: AwsClients, region: string): Promise<Identity> {
  return whoAmI(await aws.sts(), region);
}

/** Throws CommandError (64) when no Docker engine answers. */
async function checkEngine(run: Run): Promise<void> {
  const result = await run({
    file: "docker",
    args: ["version", "--format", "{{.Server.Version}}"],
    writes: false,
    signal: AbortSignal.timeout(2500),
  });
  if (result.exitCode !== 0) {
    throw new CommandError("No Docker engine answers, and the image is built with one.", {
      exitCode: exitCodes.usage,
      why: result.stderr.trim().split("\n").at(-1) ?? "",
      next: "start Docker Desktop, or: sudo systemctl start docker",
    });
  }
}
