import { homedir } from "node:os";
import { join } from "node:path";

/** The folder for files that are needed between runs but not worth a backup (XDG Base Directory Specification). */
export function stateHome(env: Readonly<Record<string, string | undefined>>): string {
  const configured = env["XDG_STATE_HOME"];
  const base =
    configured === undefined || configured === ""
      ? join(env["HOME"] ?? homedir(), ".local", "state")
      : configured;
  return join(base, "infer-deploy");
}
