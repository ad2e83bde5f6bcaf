import type { Override } from "../config/override.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** One option of a verb, as data: parser, help, shell completion and the reading of its environment variable go by it. */
export interface Option<Value = unknown> extends Shape {
  /** Throws CommandError (64) that names the flag or the variable, whichever has the wrong value. */
  readonly read: (given: Given) => Value;
}

export interface Shape {
  /** As it is typed: `--lock-wait`. */
  readonly flag: string;
  /** One letter, such as `-y`. */
  readonly short: string | undefined;
  /** What help calls the value: `<duration>`, or `[name]` when it may be left out. Undefined: no value follows. */
  readonly value: string | undefined;
  /** The variable that stands for the flag: `INFER_DEPLOY_LOCK_WAIT`. */
  readonly twin: string;
  readonly summary: string;
  /** As it would be typed. */
  readonly fallback: string | undefined;
  readonly choices: readonly string[];
  /** What a shell offers for the value. */
  readonly completes: "file" | "folder" | undefined;
  readonly repeats: boolean;
}

/** What the user gave for one option. The command line comes before the variable. */
export interface Given {
  /** Its values as they were typed, none for a flag without one; undefined when it was not typed. */
  readonly typed: readonly string[] | undefined;
  /** Undefined also when it is set to nothing, as workflows set it when they have no value. */
  readonly variable: string | undefined;
}

/** `-y, --yes`, `--region <region>` or `--sandbox [name]`, with its other properties. */
export function declare(
  declaration: string,
  summary: string,
  more: Partial<Omit<Shape, "flag" | "short" | "value" | "summary">> = {},
): Shape {
  const match = /^(?:(-\w), )?(--[a-z-]+)(?: (\S+))?$/.exec(declaration);
  const [, short, flag, value] = match ?? [];
  if (flag === undefined) throw new Error(`${declaration} declares no option.`);
  return {
    ...{ flag, short, value, summary, twin: twinOf(flag) },
    ...{ fallback: undefined, choices: [], completes: undefined, repeats: false },
    ...more,
  };
}

/** The last value that was typed, or else the variable's, with the name of where it comes from. */
export function lastGiven({ flag, twin }: Shape, { typed, variable }: Given): Override | undefined {
  const value = typed?.at(-1);
  if (value !== undefined) return { value, origin: flag };
  return variable === undefined ? undefined : { value: variable, origin: twin };
}

export function refusal({ origin, value }: Override, allowed: string): CommandError {
  return new CommandError(`${origin} takes ${allowed}, and "${value}" is not that.`, {
    exitCode: exitCodes.usage,
  });
}

function twinOf(flag: string): string {
  return `INFER_DEPLOY_${flag.slice(2).toUpperCase().replaceAll("-", "_")}`;
}
