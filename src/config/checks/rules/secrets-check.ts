import type { Config } from "../../schema/config.ts";
import { clientSecretName } from "../../schema/edge/oidc.ts";
import type { Contradiction } from "../problem.ts";

/** The part of `findContradictions` that is about secrets. */
export function* checkSecrets({
  env,
  secrets,
}: Pick<Config, "env" | "secrets">): Iterable<Contradiction> {
  const names = Object.keys(secrets);
  if (names.length > mostSecrets) {
    yield {
      paths: [["secrets"]],
      found: `${names.length} secrets`,
      allowed: `at most ${mostSecrets}`,
    };
  }
  if (Object.hasOwn(secrets, clientSecretName)) {
    yield {
      paths: [["secrets", clientSecretName]],
      found: "the name of the login's own secret, which no container gets",
      allowed: "another name",
    };
  }
  for (const name of names.filter((one) => secrets[one] === "env")) {
    if (Object.hasOwn(env, name)) {
      yield {
        paths: [
          ["secrets", name],
          ["env", name],
        ],
        found: "env, and a value of the same name in env",
        allowed: "one of the two",
        suggestion: "file",
      };
    }
    if (name === "PORT" || name.startsWith("INFER_DEPLOY_")) {
      yield {
        paths: [["secrets", name]],
        found: "env for a variable that every container gets",
        allowed: "another name, or file",
      };
    }
  }
}

/** The ARN of each is in the instance role's policy, which holds 10,240 characters. */
const mostSecrets = 30;
