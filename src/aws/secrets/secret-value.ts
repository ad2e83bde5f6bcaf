import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { unlessGone } from "../unless-gone.ts";

/** A secret's newest value. Undefined when there is no such secret, or when it is being deleted. Throws the SDK's own errors. */
export async function secretValueOf(
  client: Pick<SecretsManagerClient, "send">,
  name: string,
): Promise<string | undefined> {
  try {
    const answer = await unlessGone(client.send(new GetSecretValueCommand({ SecretId: name })));
    return answer?.SecretString;
  } catch (error) {
    const isLeaving =
      error instanceof Error &&
      error.name === "InvalidRequestException" &&
      error.message.includes("delet");
    if (isLeaving) return undefined;
    throw error;
  }
}
