import { z } from "zod";

/** Apart from lock-document.ts, which those use who only write a lock or refuse one: they do without zod. */
const schema = z.object({
  schema_version: z.literal(1),
  /** Random, so that two holdings of the lock never look the same. */
  id: z.string().min(1),
  user: z.string(),
  host: z.string(),
  boot_id: z.string().nullable(),
  pid_namespace: z.string().nullable(),
  pid: z.int().positive(),
  process_start: z.string().nullable(),
  /** Address of the CI run; null outside CI. */
  ci: z.string().nullable(),
  /** Such as `release --version v2`. */
  command: z.string(),
  since: z.iso.datetime(),
});

/** PREFIX/lock.json: who moves traffic, or did when it died. */
export type LockDocument = z.infer<typeof schema>;

/** The document, or what is wrong with it as a phrase. */
export function parseLock(
  value: unknown,
): { readonly lock: LockDocument } | { readonly problem: string } {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return { lock: parsed.data };
  }
  const issue = parsed.error.issues[0];
  const place = issue?.path.join(".") ?? "";
  return { problem: `${place === "" ? "the document" : place}: ${issue?.message ?? "unknown"}` };
}
