import type * as z from "zod/mini";
import type { Path } from "./problem.ts";
import { configFile, type ConfigFile } from "../schema/config.ts";

export interface KnownKeys {
  /** The part of the file that the schema accepts, without the keys that have issues; null when no part is. */
  readonly known: ConfigFile | null;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** Checks every key separately and keeps the good ones, so that one bad key does not hide problems in the others. */
export function readKnownKeys(value: unknown): KnownKeys {
  const result = configFile.safeParse(value);
  if (result.success) return { known: result.data, issues: [] };
  const { issues } = result.error;
  if (!isDictionary(value)) return { known: null, issues };

  const rest = structuredClone(value);
  for (const path of issues.flatMap(pathsOf)) remove(rest, path);
  // Any name will do: a missing one has already been reported.
  const retried = configFile.safeParse({ name: "unnamed", ...rest });
  return { known: retried.success ? retried.data : null, issues };
}

/** The paths of the bad values or, for unknown keys, of those keys. */
export function pathsOf(issue: z.core.$ZodIssue): readonly Path[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}

function remove(value: Record<string, unknown>, path: Path): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  const below = value[first];
  // A list without one of its items means something else, so the whole list is removed.
  if (rest.length === 0 || !isDictionary(below)) delete value[first];
  else remove(below, rest);
}

function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
