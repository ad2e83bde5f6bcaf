import type * as z from "zod/mini";
import { secondsOf } from "../../config/fields/time/duration.ts";
import type { Override } from "../../config/override.ts";
import { formatPath, quote, type Contradiction } from "../../config/checks/problem.ts";
import { checkRelease, type ReleaseContext } from "../../config/checks/rules/release-check.ts";
import * as field from "../../config/schema/release.ts";
import { suggestValue } from "../../config/checks/suggest.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";

/** The given values of the flags of `release`; undefined keeps the file's value. */
export type ReleaseFlags = { readonly [Key in FlagKey]?: Override | undefined };

/**
 * The file's settings with the flags applied, checked together with the other keys that they depend on.
 * Throws CommandError (64), which names every wrong flag or variable with the given and the allowed values.
 */
export function releaseSettings(context: ReleaseContext, flags: ReleaseFlags): field.ReleaseConfig {
  const { release } = context;
  const faults: Fault[] = [];
  const read = <T>(key: FlagKey, schema: z.ZodMiniType<T>): T | undefined => {
    const given = flags[key];
    if (given === undefined) return undefined;
    // canary.weight is the only key that takes a number. In the file, YAML makes digits a number.
    const value = key === "canaryWeight" ? numberOf(given.value) : given.value;
    const result = schema.safeParse(value);
    if (!result.success) faults.push(explainValue(flagNames[key], given, schema, result.error));
    return result.data;
  };
  const readSeconds = (key: FlagKey, schema: z.ZodMiniType<string>): number | undefined => {
    const duration = read(key, schema);
    return duration === undefined ? undefined : secondsOf(duration);
  };
  const settings: field.ReleaseConfig = {
    ...release,
    strategy: read("strategy", field.strategy) ?? release.strategy,
    bakeSeconds: readSeconds("bake", field.bake) ?? release.bakeSeconds,
    timeoutSeconds: readSeconds("timeout", field.timeout) ?? release.timeoutSeconds,
    keepPreviousSeconds:
      readSeconds("keepPrevious", field.keepPrevious) ?? release.keepPreviousSeconds,
    canary: {
      ...release.canary,
      weight: read("canaryWeight", field.canaryWeight) ?? release.canary.weight,
    },
  };
  // For a refused value, any contradiction would be a guess.
  if (faults.length === 0) {
    for (const contradiction of checkRelease({ ...context, release: settings })) {
      faults.push(explainContradiction(flags, contradiction));
    }
  }
  if (faults.length > 0) throw refuse(faults);
  return settings;
}

/** Parts of a CommandError. */
interface Fault {
  /** One sentence without its full stop. */
  readonly what: string;
  readonly why?: string;
  readonly next: string;
}

function explainValue(
  flag: string,
  { value, origin }: Override,
  schema: z.ZodMiniType,
  error: z.core.$ZodError,
): Fault {
  const suggestion = suggestValue(schema, value);
  return {
    what: `${origin} takes ${error.issues[0]?.message ?? "another value"}; found ${quote(value)}`,
    next: suggestion === null ? helpCommand : `give ${flag} ${suggestion}`,
  };
}

function explainContradiction(
  flags: ReleaseFlags,
  { paths, found, allowed, suggestion }: Contradiction,
): Fault {
  const parts = paths.map((path) => {
    const name = formatPath(path);
    const key = flagKeys.get(name);
    return { name, flag: key && flagNames[key], given: key && flags[key] };
  });
  const given = parts.flatMap((part) => part.given ?? []);
  const others = parts.filter((part) => part.given === undefined);
  return {
    what: `${listOf([
      ...given.map(({ origin, value }) => `${origin} ${value}`),
      ...others.map(({ name }) => name),
    ])} do not go together`,
    why: `found ${found}, allowed ${allowed}`,
    next:
      suggestion === undefined
        ? `change ${given.map(({ origin }) => origin).join(" or ")} or the configuration`
        : giveInstead(parts[0], suggestion),
  };
}

function giveInstead(
  part: { readonly name: string; readonly flag: string | undefined } | undefined,
  value: string,
): string {
  return part?.flag === undefined
    ? `set ${part?.name}: ${value} in the configuration`
    : `give ${part.flag} ${value}`;
}

function refuse(faults: readonly Fault[]): CommandError {
  const [only, ...others] = faults;
  if (only !== undefined && others.length === 0) {
    const { what, ...facts } = only;
    return new CommandError(`${what}.`, { exitCode: exitCodes.usage, ...facts });
  }
  return new CommandError(`The flags of release have ${faults.length} problems.`, {
    exitCode: exitCodes.usage,
    detail: faults.map(({ what, why }) => (why === undefined ? what : `${what}: ${why}`)),
    next: helpCommand,
  });
}

function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

function numberOf(typed: string): number | string {
  return /^[0-9]+$/.test(typed) ? Number(typed) : typed;
}

const helpCommand = "infer-deploy release --help";

type FlagKey = "strategy" | "bake" | "timeout" | "keepPrevious" | "canaryWeight";

const flagNames: Readonly<Record<FlagKey, string>> = {
  strategy: "--strategy",
  bake: "--bake",
  timeout: "--timeout",
  keepPrevious: "--keep-previous",
  canaryWeight: "--canary-weight",
};

/** The flags that can contradict other settings, by the key that they override. */
const flagKeys: ReadonlyMap<string, FlagKey> = new Map([
  ["release.strategy", "strategy"],
  ["release.bake", "bake"],
  ["release.timeout", "timeout"],
]);
