import { access, chmod, constants, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { makeFolder } from "./make-folder.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The folder for files that are needed between runs but not worth a backup. As the XDG Base Directory Specification says, a relative
 * path counts as none: it would lead into the project, and from there into the image.
 */
export function stateHome(env: Variables): string {
  const configured = env["XDG_STATE_HOME"] ?? "";
  const base = isAbsolute(configured) ? configured : join(home(env), ".local", "state");
  return join(base, "infer-deploy");
}

/**
 * Makes the state home, for this user alone: Terraform's plans and variables are in it. Opens an older one no less.
 * Throws CommandError (64) when this user cannot write there.
 */
export async function openStateHome(env: Variables): Promise<void> {
  const folder = stateHome(env);
  try {
    makeFolder(folder, 0o700);
    const { mode } = await stat(folder);
    if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new CommandError(`infer-deploy cannot keep its state in ${folder}.`, {
      exitCode: exitCodes.usage,
      next: "set XDG_STATE_HOME to a folder that you can write to; or, if sudo made this one: sudo chown -R $USER with its path",
      cause,
    });
  }
}

/** An empty HOME is none: Node would take it for the current folder. */
function home(env: Variables): string {
  const named = env["HOME"] ?? "";
  if (isAbsolute(named)) return named;
  try {
    return userInfo().homedir;
  } catch {
    // This user is not in the password file, as in many containers.
    return "/";
  }
}
