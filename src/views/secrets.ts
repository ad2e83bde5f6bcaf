import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import type { Config } from "../config/schema/config.ts";
import { clientSecretName } from "../config/schema/edge/oidc.ts";
import type { SecretDelivery } from "../config/schema/secrets.ts";
import { ago } from "../report/time-text.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { placeOf } from "./parts/place.ts";
import { table } from "./parts/table.ts";

type Place = Pick<Config, "name" | "environment" | "region">;

/** `secrets set --json` */
export interface SecretSetDocument extends Place {
  readonly schema_version: 1;
  readonly secret: string;
  readonly version: string;
  /** Whether there was no such secret before. */
  readonly created: boolean;
}

export function secretSetDocument(
  place: Place,
  {
    name,
    ...facts
  }: { readonly name: string; readonly version: string; readonly created: boolean },
): SecretSetDocument {
  return { ...placeOf(place), secret: name, ...facts };
}

/** `delivery`: of the configuration; undefined when it does not name the secret. */
export function secretSetText(
  { name, environment, region, secret, version }: SecretSetDocument,
  delivery: SecretDelivery | undefined,
): string {
  const next =
    secret === clientSecretName
      ? "the load balancer gets it with the next infer-deploy up"
      : delivery === undefined
        ? `add \`${secret}: file\` to secrets in infer-deploy.yml, then infer-deploy up`
        : "a running version keeps the value that it has: infer-deploy release picks this one up";
  return `${name} (${environment}) in ${region}: ${secret} has version ${short(version)}\n${next}\n`;
}

/** `secrets list --json`; by name. */
export interface SecretsDocument extends Place {
  readonly schema_version: 1;
  readonly secrets: readonly {
    readonly name: string;
    /** How the configuration delivers it; null when it does not name it. */
    readonly as: SecretDelivery | null;
    /** The newest version's id; null when it does not exist, which stops a release. */
    readonly version: string | null;
    /** The version before the newest; null when there is none. */
    readonly previous: string | null;
    /** When it last changed, in ISO 8601. */
    readonly changed: string | null;
    /** What the serving release has of it; null when it has none. */
    readonly in_use: {
      readonly release: number;
      readonly release_version: string;
      readonly version: string;
      /** Whether that is the newest version. */
      readonly newest: boolean;
    } | null;
  }[];
}

export function secretsDocument(
  config: Place & Pick<Config, "secrets">,
  stored: readonly StoredSecret[],
  serving: ReleaseRecord | undefined,
): SecretsDocument {
  const there = stored.filter((one) => !one.isLeaving);
  const names = new Set([...there.map(({ name }) => name), ...Object.keys(config.secrets)]);
  return {
    ...placeOf(config),
    secrets: [...names].toSorted().map((name) => {
      const found = there.find((one) => one.name === name);
      const pin = serving?.container.secrets[name];
      return {
        name,
        as: config.secrets[name] ?? null,
        version: found?.version ?? null,
        previous: found?.previous ?? null,
        changed: found?.changed ?? null,
        in_use:
          serving === undefined || pin === undefined
            ? null
            : {
                release: serving.release,
                release_version: serving.version,
                version: pin.version,
                newest: pin.version === found?.version,
              },
      };
    }),
  };
}

export function secretsText({ secrets }: SecretsDocument, now: Date): string {
  if (secrets.length === 0) {
    return "No secrets yet. infer-deploy secrets set NAME makes one.\n";
  }
  return table([
    ["name", "as", "version", "changed", "in use"],
    ...secrets.map(({ name, as, version, changed, in_use: use }) => [
      name,
      name === clientSecretName ? "login" : (as ?? "-"),
      version === null ? "MISSING" : short(version),
      changed === null ? "-" : ago(new Date(changed), now),
      use === null
        ? "-"
        : `${use.release_version} (release ${use.release})${use.newest ? "" : `, with the older ${short(use.version)}`}`,
    ]),
  ]);
}

function short(version: string): string {
  return version.slice(0, 8);
}
