import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { unlessGone } from "../unless-gone.ts";
import { isBeingDeleted } from "./being-deleted.ts";

/** A secret's newest value. Undefined when there is no such secret, or when it is being deleted. Throws the SDK's own errors. */
export async function secretValueOf(
  client: Pick<SecretsManagerClient, "send">,
  name: string,
): Promise<string | undefined> {
  try {
    const answer = await unlessGone(client.send(new GetSecretValueCommand({ SecretId: name })));
    return answer?.SecretString;
  } catch (error) {
    if (isBeingDeleted(error)) return undefined;
    throw error;
  }
}
