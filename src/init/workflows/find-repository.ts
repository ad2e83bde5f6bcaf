import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { thisCommand } from "../../errors/printed-commands.ts";
import type { Run } from "../../process/programs/run.ts";
import { githubRepository, isRepository } from "./github-remote.ts";

export interface Repository {
  /** OWNER/NAME. */
  readonly name: string;
  /** Absolute: the top folder, where GitHub looks for workflows. */
  readonly root: string;
  /** From the top folder to the current one, with / between its parts; empty for the top itself. */
  readonly below: string;
}

/**
 * The GitHub repository of a folder: what was asked for, or the remote `origin`. Throws CommandError (64) in a folder that belongs to no git
 * repository, for a remote elsewhere, and for a name that is none.
 */
export async function findRepository(
  run: Run,
  folder: string,
  asked: string | undefined,
): Promise<Repository> {
  if (asked !== undefined && !isRepository(asked)) {
    throw refusal(
      `--repository takes OWNER/NAME, and "${asked}" is not that.`,
      "name the repository as in its address at GitHub, such as octo-org/octo-repo",
    );
  }
  const git = async (...args: readonly string[]) =>
    run({ file: "git", args, cwd: folder, writes: false });
  const top = await git("rev-parse", "--show-toplevel");
  const prefix = await git("rev-parse", "--show-prefix");
  if (top.exitCode !== 0) {
    if (asked !== undefined) return { name: asked, root: folder, below: "" };
    throw refusal(
      "This folder belongs to no git repository, and workflows run in one.",
      `git init, then git remote add origin git@github.com:OWNER/NAME.git; or ${thisCommand} --repository OWNER/NAME`,
      folder,
    );
  }
  const place = {
    root: top.stdout.trim(),
    below: prefix.stdout.trim().replace(/\/$/, ""),
  };
  if (asked !== undefined) return { name: asked, ...place };
  const remote = await git("remote", "get-url", "origin");
  const address = remote.stdout.trim();
  const name = remote.exitCode === 0 ? githubRepository(address) : undefined;
  if (name !== undefined) return { name, ...place };
  throw refusal(
    remote.exitCode === 0
      ? "The remote origin is not at GitHub, whose workflows init writes."
      : "The repository has no remote origin.",
    `${thisCommand} --repository OWNER/NAME`,
    remote.exitCode === 0 ? withoutPassword(address) : folder,
  );
}

function refusal(message: string, next: string, where?: string): CommandError {
  return new CommandError(message, {
    exitCode: exitCodes.usage,
    next,
    ...(where === undefined ? {} : { where }),
  });
}

/** An address may have a token in it. */
function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, "//");
}
