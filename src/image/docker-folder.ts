import { homedir } from "node:os";
import { join } from "node:path";

/** The user's folder of Docker's configuration (https://docs.docker.com/reference/cli/docker/, "Configuration files"). It need not exist. */
export function dockerFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["DOCKER_CONFIG"] ?? "";
  return named === "" ? join(env["HOME"] ?? homedir(), ".docker") : named;
}
