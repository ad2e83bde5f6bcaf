import type * as z from "zod/mini";
import { CommandError } from "../errors/command-error.ts";

/** Where a document is, and what the user can do when it cannot be read. */
export interface DocumentPlace {
  /** Its key in the state bucket, relative to the stack's prefix. */
  readonly key: string;
  /** For a damaged document of this version: a command or one sentence. */
  readonly next: string;
  /** A command that makes this version write the document again. Left out where that would lose something. */
  readonly rewrite?: string;
}

/**
 * The whole document. Unknown fields are kept, so that writing it back loses nothing.
 * Throws CommandError (1) for another `schema_version`, and for a damaged document, because half of one is a guess.
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
        why: `its schema_version is ${version}; this infer-deploy reads ${supported}`,
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

/** The first problem with a value, as a phrase. */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "the document" : path}: ${issue?.message ?? "unknown"}`;
}

/** The document's own `schema_version`; undefined when it has none. */
export function versionOf(value: unknown): string | number | undefined {
  const version = (value as { readonly schema_version?: unknown } | null | undefined)
    ?.schema_version;
  return typeof version === "number" || typeof version === "string" ? version : undefined;
}

/** The `schema_version` of every document so far. */
const supported = 1;
