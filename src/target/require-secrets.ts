import { newestSecrets } from "../release/secrets.ts";
import { createSecrets } from "./stack-parts.ts";
import { secretPrefix, type Target } from "./target.ts";

/** Throws CommandError (64) when the configuration names a secret that does not exist. */
export async function requireSecrets({
  aws,
  config,
  placeOf,
}: Pick<Target, "aws" | "config" | "placeOf">): Promise<void> {
  const secrets = createSecrets(aws, secretPrefix(config));
  await newestSecrets({ config, secrets }, placeOf);
}
