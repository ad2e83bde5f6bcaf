import {
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  type SecretListEntry,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { everyItem } from "../every-item.ts";
import { unlessGone } from "../unless-gone.ts";

type Client = Pick<SecretsManagerClient, "send">;

/** A secret of a stack, as Secrets Manager lists it: never its value. */
export interface StoredSecret {
  /** Without the stack's prefix. */
  readonly name: string;
  readonly arn: string;
  /** The newest version's id; null for a secret that has no value yet. */
  readonly version: string | null;
  /** The one before it; null when there is none. */
  readonly previous: string | null;
  /** ISO 8601, UTC. */
  readonly changed: string | null;
  /** It is scheduled for deletion: it cannot be read, and its name is taken. */
  readonly isLeaving: boolean;
}

/** The secrets whose names begin with the prefix, by name. Throws the SDK's own errors. */
export async function listSecrets(
  client: Client,
  prefix: string,
): Promise<readonly StoredSecret[]> {
  const found = await everyItem(async (NextToken) => {
    const page = await client.send(
      new ListSecretsCommand({
        Filters: [{ Key: "name", Values: [prefix] }],
        IncludePlannedDeletion: true,
        NextToken,
      }),
    );
    return { items: page.SecretList, next: page.NextToken };
  });
  return found
    .filter(({ Name = "" }) => Name.startsWith(prefix))
    .map((entry) => storedSecret(entry, prefix))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Ids of all versions that Secrets Manager still has, old ones too. Empty when there is no such secret. */
export async function secretVersions(client: Client, arn: string): Promise<readonly string[]> {
  const versions = await everyItem(async (NextToken) => {
    const page = await unlessGone(
      client.send(
        new ListSecretVersionIdsCommand({ SecretId: arn, IncludeDeprecated: true, NextToken }),
      ),
    );
    return { items: page?.Versions, next: page?.NextToken };
  });
  return versions.map(({ VersionId }) => VersionId ?? "");
}

function storedSecret(entry: SecretListEntry, prefix: string): StoredSecret {
  const versions = Object.entries(entry.SecretVersionsToStages ?? {});
  const at = (stage: string): string | null =>
    versions.find(([, stages]) => stages.includes(stage))?.[0] ?? null;
  return {
    name: (entry.Name ?? "").slice(prefix.length),
    arn: entry.ARN ?? "",
    version: at("AWSCURRENT"),
    previous: at("AWSPREVIOUS"),
    changed: entry.LastChangedDate?.toISOString() ?? null,
    isLeaving: entry.DeletedDate !== undefined,
  };
}
