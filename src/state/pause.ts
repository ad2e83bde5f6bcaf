import * as z from "zod/mini";
import { CommandError } from "../errors/command-error.ts";
import { parseDocument } from "./document.ts";
import type { ObjectStore } from "./object-store.ts";

const reasonSchema = z.object({
  /** ISO 8601, UTC. */
  since: z.iso.datetime(),
  who: z.string(),
  /** What users get. */
  message: z.string(),
  /** When they may ask again. */
  retry_after_seconds: z.int().check(z.positive()),
});

const colourSize = z.object({ min: z.int(), desired: z.int() });

const schema = z.object({
  schema_version: z.literal(1),
  /** Value of the header that passes the pause. */
  token: z.string().check(z.minLength(1)),
  maintenance: z.nullable(reasonSchema),
  sleep: z.nullable(
    z.extend(reasonSchema, {
      /** What the last command on it wants. The stack may be on its way there, or have been interrupted. */
      goal: z.enum(["asleep", "awake"]),
      /** The size of the serving group before, to which `wake` returns. */
      size: colourSize,
    }),
  ),
});

/**
 * PREFIX/pause.json: why the address answers 503 instead of the service. It is written before the first change and removed after the last
 * one, so that no killed run leaves a change without a record. Absent: nothing is paused.
 */
export type PauseDocument = z.infer<typeof schema>;

export type PauseReason = z.infer<typeof reasonSchema>;
export type Sleep = NonNullable<PauseDocument["sleep"]>;

/** A document, and what a conditional write needs. */
export interface StoredPause {
  readonly pause: PauseDocument;
  readonly etag: string;
}

/** Undefined when nothing is paused. Throws CommandError when this version cannot read the document. */
export async function readPause(store: Pick<ObjectStore, "get">): Promise<StoredPause | undefined> {
  const stored = await store.get(pauseKey);
  if (stored === undefined) return undefined;
  const pause = parseDocument(schema, stored.value, {
    key: pauseKey,
    next: "delete it, then infer-deploy maintenance on and infer-deploy maintenance off",
  });
  return { pause, etag: stored.etag };
}

/**
 * Replaces what was read (undefined: there was none). Without a reason to pause, the document is removed. Resolves to what is stored now.
 * Throws CommandError when another run has changed it, which the stack's lock forbids.
 */
export async function writePause(
  store: Pick<ObjectStore, "put" | "remove">,
  before: StoredPause | undefined,
  pause: PauseDocument,
): Promise<StoredPause | undefined> {
  const isOver = pause.maintenance === null && pause.sleep === null;
  if (isOver) {
    if (before !== undefined && !(await store.remove(pauseKey, before.etag))) throw changed();
    return undefined;
  }
  const etag = await store.put(pauseKey, pause, before === undefined ? "absent" : before);
  if (etag === false) throw changed();
  return { pause, etag };
}

function changed(): CommandError {
  return new CommandError("Another run has changed pause.json in the state bucket.", {
    where: pauseKey,
    next: "infer-deploy status shows what is paused; then run the command again",
  });
}

export const pauseKey = "pause.json";
