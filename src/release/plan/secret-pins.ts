import type { SecretSettings } from "../../config/schema/secrets.ts";
import type { StoredSecret } from "../../aws/secrets/list-secrets.ts";
import type { SecretPin } from "../../state/container-record.ts";

export type SecretPins = Readonly<Record<string, SecretPin>>;

/** The newest versions of the secrets that the configuration names, and the names that have none. */
export function pinSecrets(
  settings: SecretSettings,
  stored: readonly StoredSecret[],
): { readonly pins: SecretPins; readonly missing: readonly string[] } {
  const pins: Record<string, SecretPin> = {};
  const missing: string[] = [];
  for (const [name, as] of Object.entries(settings)) {
    const found = stored.find((one) => one.name === name && !one.isLeaving);
    if (found === undefined || found.version === null) {
      missing.push(name);
    } else {
      pins[name] = { arn: found.arn, version: found.version, as };
    }
  }
  return { pins, missing };
}

/** Names of a release's secrets that have a newer version, or were made again since. */
export function rotatedSecrets(
  pins: SecretPins,
  stored: readonly StoredSecret[],
): readonly string[] {
  return Object.entries(pins).flatMap(([name, { arn, version }]) => {
    const found = stored.find((one) => one.name === name && !one.isLeaving && one.version !== null);
    return found === undefined || (found.arn === arn && found.version === version) ? [] : [name];
  });
}
