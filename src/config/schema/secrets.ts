import * as z from "zod/mini";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import * as field from "../fields/fields.ts";
import { key } from "../fields/keys.ts";

/** How a container gets a secret: as the file /run/secrets/NAME, or as an environment variable. */
export type SecretDelivery = "file" | "env";

/** By name. */
export type SecretSettings = Readonly<Record<string, SecretDelivery>>;

/** A file name and an environment variable's name, so that the delivery can change without a new name. */
const nameAllowed = "a name of at most 64 letters, digits and _, not beginning with a digit";
export const secretName = field.text(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, nameAllowed);

/** Throws CommandError (64). Its message has no name, because a user may have typed the value there. */
export function checkSecretName(name: string): void {
  if (secretName.safeParse(name).success) return;
  throw new CommandError("This is not the name of a secret.", {
    exitCode: exitCodes.usage,
    why: `allowed is ${nameAllowed}`,
    next: "infer-deploy secrets set NAME, with the value on standard input",
  });
}

export const secrets = key(
  z.record(secretName, field.choice(["file", "env"]), {
    error: "a map of names, each with file or env",
  }),
  "Secrets of the container, kept in AWS Secrets Manager. file: /run/secrets/NAME. env: an environment variable.",
  {},
);
