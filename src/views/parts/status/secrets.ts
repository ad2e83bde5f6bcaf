import type { StoredSecret } from "../../../aws/secrets/list-secrets.ts";
import { rotatedSecrets } from "../../../release/plan/secret-pins.ts";
import type { ReleaseRecord } from "../../../state/release-record.ts";

/** A secret of the serving release. */
export interface SecretStatus {
  readonly name: string;
  readonly version: string;
  /** The newest version; null when the secret is gone, or when Secrets Manager could not be asked. */
  readonly newest_version: string | null;
  /** Whether the next release gets another one. */
  readonly outdated: boolean;
}

/** `stored`: undefined when Secrets Manager could not be asked. */
export function secretStatus(
  active: ReleaseRecord | undefined,
  stored: readonly StoredSecret[] = [],
): readonly SecretStatus[] {
  const pins = active?.container.secrets ?? {};
  const outdated = rotatedSecrets(pins, stored);
  return Object.entries(pins).map(([name, { version }]) => ({
    name,
    version,
    newest_version: stored.find((one) => one.name === name)?.version ?? null,
    outdated: outdated.includes(name),
  }));
}

export function secretLines(secrets: readonly SecretStatus[]): readonly string[] {
  if (secrets.length === 0) return [];
  const outdated = secrets.filter((one) => one.outdated).map(({ name }) => name);
  const names = secrets.map(({ name }) => name).join(", ");
  return outdated.length === 0
    ? [`  secrets   ${names}`]
    : [
        `  secrets   ${names}; NEWER VERSION of ${outdated.join(", ")}: infer-deploy release picks it up`,
      ];
}
