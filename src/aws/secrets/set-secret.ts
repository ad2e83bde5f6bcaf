import {
  CreateSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { unlessGone } from "../unless-gone.ts";

type Client = Pick<SecretsManagerClient, "send">;

export interface SecretRequest {
  readonly name: string;
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Gives a secret a new version, and makes the secret if there is none. Restores one that is scheduled for deletion. Secrets Manager deletes in
 * the background, so a name may stay taken for a while. Resolves to the version's id. Throws the SDK's own errors.
 */
export async function setSecret(
  client: Client,
  request: SecretRequest,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<{ readonly version: string; readonly created: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await putValue(client, request)) ?? (await create(client, request));
    } catch (error) {
      if (attempt === attempts || !isPassing(error)) throw error;
      await unlessGone(client.send(new RestoreSecretCommand({ SecretId: request.name }))).catch(
        unlessPassing,
      );
      await sleep(attempt === 1 ? 0 : pauseMilliseconds);
    }
  }
}

async function putValue(client: Client, { name, value }: SecretRequest) {
  const answer = await unlessGone(
    client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value })),
  );
  return answer === undefined ? undefined : { version: answer.VersionId ?? "", created: false };
}

async function create(client: Client, { name, value, tags }: SecretRequest) {
  const answer = await client.send(
    new CreateSecretCommand({
      Name: name,
      SecretString: value,
      Description: "Set by infer-deploy",
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return { version: answer.VersionId ?? "", created: true };
}

/** InvalidRequestException: it is scheduled for deletion. ResourceExistsException: another run has just made it. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === "ResourceExistsException" ||
      (error.name === "InvalidRequestException" && error.message.includes("delet")))
  );
}

function unlessPassing(error: unknown): void {
  if (!isPassing(error)) throw error;
}

const attempts = 15;
const pauseMilliseconds = 2000;
