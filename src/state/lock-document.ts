import * as z from "zod/mini";
import { firstIssue, versionOf } from "./document.ts";

const schema = z.object({
  schema_version: z.literal(1),
  /** Random, so that a lock that was released and taken again has another id. */
  id: z.string().check(z.minLength(1)),
  user: z.string(),
  host: z.string(),
  boot_id: z.nullable(z.string()),
  pid_namespace: z.nullable(z.string()),
  pid: z.int().check(z.positive()),
  process_start: z.nullable(z.string()),
  /** Address of the CI run; null outside CI. */
  ci: z.nullable(z.string()),
  /** Such as `release --version v2`. */
  command: z.string(),
  since: z.iso.datetime(),
});

/** PREFIX/lock.json: the run that moves traffic, alive or dead. */
export type LockDocument = z.infer<typeof schema>;

/** The document, or its problem as a phrase. An unreadable lock still locks. */
export function parseLock(
  value: unknown,
): { readonly lock: LockDocument } | { readonly problem: string } {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return { lock: parsed.data };
  }
  const version = versionOf(value);
  return {
    problem:
      version === undefined || version === 1
        ? firstIssue(parsed.error)
        : `its schema_version is ${version}, so another version of infer-deploy wrote it`,
  };
}
