import { DeleteSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/**
 * Deletes a secret with all its versions at once. With a recovery window its name would stay taken for a week, and the next `up` of the same
 * stack could not have it. Throws the SDK's own errors; a secret that does not exist is none.
 */
export async function deleteSecret(
  client: Pick<SecretsManagerClient, "send">,
  arn: string,
): Promise<void> {
  await client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
}
