import { forceUnlockArgs } from "../run/argv.ts";
import type { Environment } from "../run/environment.ts";

/** The line for the user's shell that takes a lock away: with the account and the place that this run works in. */
export function releaseCommand(
  {
    file,
    folder,
    env,
  }: { readonly file: string; readonly folder: string; readonly env: Environment },
  lockId: string,
): string {
  const settings = ["AWS_PROFILE", "AWS_ENDPOINT_URL"].flatMap((name) => {
    const value = env[name] ?? "";
    return value === "" ? [] : [`${name}=${quote(value)}`];
  });
  return [...settings, ...[file, `-chdir=${folder}`, ...forceUnlockArgs(lockId)].map(quote)].join(
    " ",
  );
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", () => `'\\''`)}'`;
}
