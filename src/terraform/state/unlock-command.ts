import { forceUnlockArgs } from "../run/terraform-argv.ts";
import type { Environment } from "../run/environment.ts";

/** The shell command that removes a lock, with the account and the folder of this run. */
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
