import type { Config } from "../../config/schema/config.ts";
import type { StoredSecret } from "../../aws/secrets/list-secrets.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { lastGoodRelease } from "../../state/release-history.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { rollbackTarget } from "./rollback-target.ts";

/**
 * Throws CommandError when a secret is still needed: 64 when the configuration names it, at `place`; 1 when the serving release has it, or the one
 * that a rollback would return to. `releases`: newest first.
 */
export function refuseUsed(
  name: string,
  place: string | undefined,
  releases: readonly ReleaseRecord[],
): void {
  if (place !== undefined) {
    throw new CommandError(`infer-deploy.yml names the secret ${name}.`, {
      exitCode: exitCodes.usage,
      where: place,
      next: "remove the line and release; or add --force, after which instances that start cannot read it",
    });
  }
  const serving = lastGoodRelease(releases);
  if (serving === undefined) return;
  if (Object.hasOwn(serving.container.secrets, name)) {
    throw new CommandError(`The serving version ${serving.version} has the secret ${name}.`, {
      why: "an instance that starts or restarts could not read it",
      next: "infer-deploy release with the present configuration replaces it; or add --force",
    });
  }
  const target = earlierRelease(releases, serving);
  if (target !== undefined && Object.hasOwn(target.container.secrets, name)) {
    throw new CommandError(`A rollback would return to ${target.version}, which has ${name}.`, {
      why: "without the secret that version cannot start",
      next: `after the next release nothing needs it; or add --force`,
    });
  }
}

/** Throws CommandError (64) while the configuration asks for a login, at `place`. */
export function refuseLogin({ oidc }: Pick<Config, "oidc">, place: string): void {
  if (oidc === null) return;
  throw new CommandError("The login of infer-deploy.yml needs this secret.", {
    exitCode: exitCodes.usage,
    where: place,
    next: "infer-deploy secrets set OIDC_CLIENT_SECRET replaces it; or add --force, after which the login cannot be set again",
  });
}

export function unknownSecret(name: string, stored: readonly StoredSecret[]): CommandError {
  const names = stored.map((one) => one.name);
  return new CommandError(`There is no secret ${name}.`, {
    exitCode: exitCodes.usage,
    why: names.length === 0 ? "this stack has none" : `the stack has ${names.join(", ")}`,
    next: "infer-deploy secrets list",
  });
}

function earlierRelease(
  releases: readonly ReleaseRecord[],
  serving: ReleaseRecord,
): ReleaseRecord | undefined {
  try {
    return rollbackTarget(releases, serving, undefined);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
