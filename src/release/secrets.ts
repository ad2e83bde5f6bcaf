import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { Secrets } from "./parts.ts";
import { pinSecrets, type SecretPins } from "./plan/secret-pins.ts";

/**
 * The versions of the configuration's secrets that a release beginning now gets. A stack without secrets never asks Secrets Manager.
 * Throws CommandError (64) that names every secret that does not exist. `placeOf`: where the configuration sets a key.
 */
export async function newestSecrets(
  { config, secrets }: { readonly config: Pick<Config, "secrets">; readonly secrets: Secrets },
  placeOf?: (path: readonly string[]) => string,
): Promise<SecretPins> {
  if (Object.keys(config.secrets).length === 0) return {};
  const { pins, missing } = pinSecrets(config.secrets, await secrets.list());
  const [first, ...others] = missing;
  if (first === undefined) return pins;
  const places = missing.map((name) => [name, placeOf?.(["secrets", name])] as const);
  throw new CommandError(
    others.length === 0
      ? `The secret ${first} does not exist.`
      : `${missing.length} secrets do not exist: ${missing.join(", ")}.`,
    {
      exitCode: exitCodes.usage,
      where: places.map(([, place]) => place ?? "secrets in infer-deploy.yml").join(", "),
      why: `Secrets Manager has no value of ${others.length === 0 ? "it" : "them"} for this stack`,
      next: `infer-deploy secrets set ${first}`,
    },
  );
}

/** Throws CommandError (1) when a version of a secret that the release had is gone. */
export async function requireItsSecrets(
  secrets: Pick<Secrets, "versions">,
  { version, container }: Pick<ReleaseRecord, "version" | "container">,
): Promise<void> {
  for (const [name, pin] of Object.entries(container.secrets)) {
    if (!(await secrets.versions(pin.arn)).includes(pin.version)) {
      throw new CommandError(`The secret ${name} of ${version} is gone.`, {
        where: `${pin.arn}, version ${pin.version}`,
        why: "it was removed, or it has had more than a hundred newer versions",
        next: "infer-deploy rollback --to another version, or release this one again with the present secrets",
      });
    }
  }
}
