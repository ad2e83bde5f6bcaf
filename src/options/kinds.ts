import type { Override } from "../config/override.ts";
import { parseDuration } from "../config/fields/time/duration.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { readSwitch } from "../process/switches.ts";
import { declare, lastGiven, refusal, type Option } from "./option.ts";

export function onOff(declaration: string, summary: string): Option<boolean> {
  const shape = declare(declaration, summary);
  return {
    ...shape,
    read: ({ typed, variable }) =>
      typed !== undefined || readSwitch({ [shape.twin]: variable }, shape.twin),
  };
}

/** `check` throws CommandError (64) that names `origin`, the flag or the variable. */
export function text(
  declaration: string,
  summary: string,
  check: (value: string, origin: string) => void = () => undefined,
): Option<string | undefined> {
  const shape = declare(declaration, summary);
  return {
    ...shape,
    read: (given) => {
      const found = lastGiven(shape, given);
      if (found !== undefined) check(found.value, found.origin);
      return found?.value;
    },
  };
}

/** With the flag or the variable that it comes from, for a check that comes where more is known. `choices` are offered, not checked. */
export function asked(
  declaration: string,
  summary: string,
  more: { readonly choices?: readonly string[] } = {},
): Option<Override | undefined> {
  const shape = declare(declaration, summary, more);
  return { ...shape, read: (given) => lastGiven(shape, given) };
}

/** As `asked`, but an empty value counts as none on the command line too: what a workflow passes on may be empty. */
export function askedIfAny(
  declaration: string,
  summary: string,
  more: { readonly completes?: "file" } = {},
): Option<Override | undefined> {
  const shape = declare(declaration, summary, more);
  return {
    ...shape,
    read: ({ typed, variable }) =>
      lastGiven(shape, { typed: typed?.at(-1) === "" ? undefined : typed, variable }),
  };
}

/** A folder, if one was named. */
export function folder(declaration: string, summary: string): Option<string | undefined> {
  const shape = declare(declaration, summary, { completes: "folder" });
  return { ...shape, read: (given) => lastGiven(shape, given)?.value };
}

/** A folder without which the verb cannot begin. */
export function requiredFolder(declaration: string, summary: string): Option<string> {
  const shape = declare(declaration, summary, { completes: "folder" });
  return {
    ...shape,
    read: (given) => {
      const found = lastGiven(shape, given)?.value ?? "";
      if (found !== "") return found;
      throw new CommandError(`${shape.flag} is missing.`, {
        exitCode: exitCodes.usage,
        next: `add ${shape.flag} ${shape.value}, or set ${shape.twin}`,
      });
    },
  };
}

/** A name that has a default. */
export function name(
  declaration: string,
  summary: string,
  more: { readonly fallback: string; readonly twin: string },
): Option<string> {
  const shape = declare(declaration, summary, more);
  return { ...shape, read: (given) => lastGiven(shape, given)?.value || more.fallback };
}

/** A name that may be left out behind its flag, where `alone` is meant. */
export function nameOrAlone(
  declaration: string,
  summary: string,
  alone: string,
): Option<string | undefined> {
  return {
    ...declare(declaration, summary),
    read: ({ typed, variable }) => (typed === undefined ? variable : typed.at(-1) || alone),
  };
}

/** Seconds; `fallback` as it would be typed. */
export function duration(declaration: string, summary: string, fallback: string): Option<number> {
  const shape = declare(declaration, summary, { fallback });
  return {
    ...shape,
    read: (given) => {
      const found = lastGiven(shape, given) ?? { value: fallback, origin: shape.flag };
      const seconds = parseDuration(found.value);
      if (seconds === null) throw refusal(found, "a duration, such as 30s or 5m");
      return seconds;
    },
  };
}

/** At least 1. */
export function wholeNumber(
  declaration: string,
  summary: string,
  fallback: number,
): Option<number> {
  const shape = declare(declaration, summary, { fallback: String(fallback) });
  return {
    ...shape,
    read: (given) => {
      const found = lastGiven(shape, given);
      if (found === undefined) return fallback;
      const number = Number(found.value);
      if (Number.isInteger(number) && number >= 1) return number;
      throw refusal(found, "a whole number of at least 1");
    },
  };
}

/** KEY=VALUE, as often as needed, and one a line in the variable. The command line's value of a key comes first. */
export function pairs(
  declaration: string,
  summary: string,
): Option<Readonly<Record<string, string>>> {
  const shape = declare(declaration, summary, { repeats: true });
  return {
    ...shape,
    read: ({ typed = [], variable = "" }) => {
      const lines = variable.split(/\r?\n/).filter((line) => line.trim() !== "");
      return Object.fromEntries([
        ...lines.map((value) => pairOf({ value, origin: shape.twin })),
        ...typed.map((value) => pairOf({ value, origin: shape.flag })),
      ]);
    },
  };
}

function pairOf(given: Override): readonly [string, string] {
  const at = given.value.indexOf("=");
  if (at < 1) throw refusal(given, "KEY=VALUE");
  return [given.value.slice(0, at), given.value.slice(at + 1)];
}
