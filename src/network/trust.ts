import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** A file of authorities that replaces the built-in ones for calls to AWS. */
export interface Trust {
  readonly file: string;
  /** In PEM. */
  readonly ca: string;
}

/**
 * The authorities that the user names for AWS: by AWS_CA_BUNDLE, or by `ca_bundle` of the profile (`bundle`). As for aws and terraform, they replace the
 * built-in ones; those of NODE_EXTRA_CA_CERTS stay. Undefined where none are named. Throws CommandError (64) when the file cannot be used.
 */
export async function readTrust(
  env: Readonly<Record<string, string | undefined>>,
  bundle: string | undefined,
): Promise<Trust | undefined> {
  const named = env["AWS_CA_BUNDLE"] || bundle || "";
  if (named === "") return undefined;
  const where = env["AWS_CA_BUNDLE"] ? "AWS_CA_BUNDLE" : "ca_bundle of the AWS profile";
  const file = named.startsWith("~/") ? join(homedir(), named.slice(2)) : named;
  const extra = env["NODE_EXTRA_CA_CERTS"] ?? "";
  const [ca, more] = await Promise.all([
    readFile(file, "utf8").catch((cause: unknown) => {
      throw unusable(`${where} names a file that cannot be read.`, file, cause);
    }),
    extra === "" ? "" : readFile(extra, "utf8").catch(() => ""),
  ]);
  if (!ca.includes("-----BEGIN CERTIFICATE-----")) {
    throw unusable(`${where} names a file without certificates.`, file);
  }
  return { file, ca: `${ca}\n${more}` };
}

/**
 * Options of a TLS connection that trusts the authorities of AWS_CA_BUNDLE next to the built-in ones: a proxy that reads along signs every answer
 * with its own. Empty where the variable is not set. Throws as readTrust does.
 */
export async function trustToo(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly ca?: string[] }> {
  const trust = await readTrust(env, undefined);
  if (trust === undefined) return {};
  // Also those of NODE_EXTRA_CA_CERTS; Node has the function since 22.15.
  const builtIn = tls.getCACertificates?.("default") ?? tls.rootCertificates;
  return { ca: [...builtIn, trust.ca] };
}

function unusable(message: string, where: string, cause?: unknown): CommandError {
  return new CommandError(message, {
    exitCode: exitCodes.usage,
    where,
    ...(cause === undefined ? {} : { cause }),
    next: "name the file with your network's authority, in PEM",
  });
}
