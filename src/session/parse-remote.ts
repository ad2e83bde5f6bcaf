import { CommandError, exitCodes } from "../errors/command-error.ts";
import { beginsInstance } from "../stack/instance-id.ts";

/** What comes before `--`, and what comes after it. */
export interface AskedRemote {
  readonly instance: string | undefined;
  readonly words: readonly string[];
}

/** `args`: the whole command line. Throws CommandError (64) for words that mean nothing. */
export function parseRemote(operands: readonly string[], args: readonly string[]): AskedRemote {
  const dashes = args.indexOf("--");
  const words = dashes === -1 ? [] : args.slice(dashes + 1);
  const [instance, ...others] = operands.slice(0, operands.length - words.length);
  const [other] = others;
  if (other !== undefined || instance === "") {
    throw new CommandError(`"${other ?? ""}" is neither an instance nor behind --.`, {
      exitCode: exitCodes.usage,
      next: "put the command behind two hyphens: infer-deploy exec -- ls /",
    });
  }
  if (instance !== undefined && !beginsInstance(instance)) {
    throw new CommandError(`"${instance}" is no instance id.`, {
      exitCode: exitCodes.usage,
      next: `put the command behind two hyphens: infer-deploy exec -- ${instance}`,
    });
  }
  return { instance, words };
}

/** Throws CommandError (64) for a shell without a terminal. */
export function refuseShell({ hasTerminal }: { readonly hasTerminal: boolean }): void {
  if (hasTerminal) return;
  throw new CommandError("A shell needs a terminal at standard input and standard output.", {
    exitCode: exitCodes.usage,
    next: "give it a command: infer-deploy exec -- ls /",
  });
}
