import { listSecrets } from "../../secrets/list-secrets.ts";
import type { Question } from "../question.ts";

/** By their names, because the tag index may not list one that was made a moment ago. One that is scheduled for deletion counts: its name is taken. */
export const secrets: Question = {
  service: "secretsmanager",
  kinds: ["secret"],
  ask: async (aws, { names }) => {
    const client = await aws.secretsManager();
    const found = await Promise.all(
      [names.secret_prefix, names.key_prefix].map(async (prefix) => listSecrets(client, prefix)),
    );
    return found.flat().map(({ arn }) => arn);
  },
};
