import { constants } from "node:os";
import { execa } from "execa";

/** A program that talks to the user, or whose output is wanted as it comes. */
export interface AttachedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the parent's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets standard output, while standard input stays open and silent. Undefined: the program has this terminal. */
  readonly onOutput?: (chunk: Uint8Array) => void;
  /** Ends the program. Not looked at where it has the terminal: there Ctrl-C is the program's. */
  readonly signal: AbortSignal;
}

/** Resolves with the exit code: 128 + n when signal n ended the program. Rejects when it cannot be started. */
export type Attach = (command: AttachedCommand) => Promise<number>;

export const attach: Attach = async ({ file, args, env, onOutput, signal }) => {
  const has = onOutput === undefined ? "inherit" : "pipe";
  const child = execa(file, [...args], {
    env,
    ...{ stdin: has, stdout: has, stderr: "inherit" },
    ...(onOutput === undefined ? {} : { cancelSignal: signal }),
    ...{ buffer: false, reject: false },
  });
  if (onOutput !== undefined) child.stdout?.on("data", onOutput);
  const { exitCode, signal: ending, ...result } = await child;
  if (exitCode !== undefined) return exitCode;
  if (ending === undefined && !result.isCanceled) {
    throw new Error(`${file} could not be started`, { cause: result.cause });
  }
  return 128 + constants.signals[ending ?? "SIGTERM"];
};
