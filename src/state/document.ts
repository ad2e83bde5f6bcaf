import type * as z from "zod/mini";
import { CommandError } from "../errors/command-error.ts";

/** Where a document lies, and how a reader gets out of one that cannot be read. */
export interface DocumentPlace {
  /** Its key in the state bucket, relative to the stack's prefix. */
  readonly key: string;
  /** A command or one sentence, for a document of this version that is damaged. */
  readonly next: string;
  /** A command by which this version writes the document again, where nothing is lost by that. */
  readonly rewrite?: string;
}

/**
 * The document, whole. Fields that this version does not know are kept, so that writing it back loses nothing.
 * Throws CommandError (1) for a document of another `schema_version`, and for one that is not what it should be: half of a document is a guess.
 */
export function parseDocument<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  place: DocumentPlace,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const version = versionOf(value);
  if (version !== undefined && version !== supported) {
    throw new CommandError(
      `${place.key} in the state bucket has a format that this infer-deploy does not know.`,
      {
        where: place.key,
        why: `its schema_version is ${version}, this infer-deploy reads ${supported}`,
        next: `update infer-deploy: npm install --global infer-deploy@latest${place.rewrite === undefined ? "" : `; or ${place.rewrite}`}`,
      },
    );
  }
  throw new CommandError(`${place.key} in the state bucket is damaged.`, {
    where: place.key,
    why: firstIssue(parsed.error),
    next: place.next,
  });
}

/** The first thing that is wrong with a value, as a phrase. */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "the document" : path}: ${issue?.message ?? "unknown"}`;
}

/** What the document says its format is; undefined when it does not say. */
export function versionOf(value: unknown): string | number | undefined {
  const version = (value as { readonly schema_version?: unknown } | null | undefined)
    ?.schema_version;
  return typeof version === "number" || typeof version === "string" ? version : undefined;
}

/** The `schema_version` of every document so far. */
const supported = 1;
