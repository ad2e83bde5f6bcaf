import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { describeLine } from "../errors/describe.ts";
import { parseDocument } from "./document.ts";
import type { ObjectStore } from "./object-store.ts";
import { rolloutPlanSchema, type RolloutPlan } from "./rollout-plan.ts";

/** PREFIX/journal.json: how far the newest rollout is. After a killed run, another one repairs the stack from it. */
export interface JournalDocument {
  readonly schema_version: 1;
  readonly release: number;
  readonly plan: RolloutPlan;
  readonly step: string;
  /** A step that is "begun" may be done already. */
  readonly phase: "begun" | "done";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Null while the rollout runs, and when it was interrupted. */
  readonly outcome: string | null;
  /** What was decided before the rollout turned back, and why, for a run that finishes it. */
  readonly turned?: Turned | undefined;
}

export interface Turned {
  readonly outcome: "failed" | "rolled-back" | "timed-out" | "cancelled";
  readonly cause: string;
}

export interface Journal {
  /** Throws TakenOverError when another run has written since. */
  readonly write: (step: string, phase: JournalDocument["phase"], turned?: Turned) => Promise<void>;
  /** Throws CommandError when it cannot be written, TakenOverError included. */
  readonly close: (outcome: string) => Promise<void>;
}

/** The newest rollout's journal, finished or not; undefined before the first. Throws CommandError when it cannot be read. */
export async function readJournal(
  store: Pick<ObjectStore, "get">,
): Promise<JournalDocument | undefined> {
  const stored = await store.get(journalKey);
  const next = `the bucket is versioned: restore an earlier version of ${journalKey} in the S3 console`;
  return stored === undefined
    ? undefined
    : parseDocument(schema, stored.value, { key: journalKey, next });
}

/** Takes the journal over for a plan. The rollout in it before is finished, or this run repairs it. */
export async function openJournal(
  store: Pick<ObjectStore, "get" | "put">,
  plan: RolloutPlan,
  now: () => Date,
): Promise<Journal> {
  const before = await store.get(journalKey);
  let condition: "absent" | { readonly etag: string } =
    before === undefined ? "absent" : { etag: before.etag };
  /** Written, but not known to have arrived. */
  let unanswered: readonly JournalDocument[] = [];
  const save = async (
    step: string,
    phase: JournalDocument["phase"],
    outcome: string | null,
    turned: Turned | undefined,
  ): Promise<void> => {
    const document: JournalDocument = {
      schema_version: 1,
      release: plan.release,
      plan,
      step,
      phase,
      at: now().toISOString(),
      outcome,
      ...(turned === undefined ? {} : { turned }),
    };
    unanswered = [...unanswered, document];
    const etag = await replace(store, document, condition, unanswered);
    condition = { etag };
    unanswered = [];
  };
  let last = "claim";
  return {
    write: async (step, phase, turned) => {
      last = step;
      await save(step, phase, null, turned);
    },
    close: async (outcome) => {
      await save(last, "done", outcome, undefined).catch((cause: unknown) => {
        if (cause instanceof TakenOverError) {
          throw cause;
        }
        throw new CommandError(`The journal of release ${plan.release} could not be closed.`, {
          where: journalKey,
          why: describeLine(cause),
          next: "infer-deploy status shows what serves; the next release or rollback closes it",
          cause,
        });
      });
    },
  };
}

/**
 * Writes the document over the version that `known` names; resolves to its ETag. After a lost answer the journal has a version that this run
 * wrote without knowing it; one of those in `ours` is replaced too. Throws TakenOverError for every other version.
 */
async function replace(
  store: Pick<ObjectStore, "get" | "put">,
  document: JournalDocument,
  known: "absent" | { readonly etag: string },
  ours: readonly JournalDocument[],
): Promise<string> {
  for (let condition = known; ;) {
    const etag = await store.put(journalKey, document, condition);
    if (etag !== false) {
      return etag;
    }
    const found = await store.get(journalKey);
    if (found === undefined || !ours.some((one) => isDeepStrictEqual(one, found.value))) {
      throw new TakenOverError();
    }
    // The SDK sent the request again and found its own first write.
    if (isDeepStrictEqual(document, found.value)) {
      return found.etag;
    }
    condition = { etag: found.etag };
  }
}

/** Another run has written the journal, so this one must not change anything more. */
export class TakenOverError extends CommandError {
  constructor() {
    super("Another run has taken this release over.", {
      exitCode: exitCodes.locked,
      where: journalKey,
      next: "infer-deploy status",
    });
    this.name = "TakenOverError";
  }
}

const schema: z.ZodMiniType<JournalDocument> = z.looseObject({
  schema_version: z.literal(1),
  release: z.int(),
  plan: rolloutPlanSchema,
  step: z.string(),
  phase: z.enum(["begun", "done"]),
  at: z.string(),
  outcome: z.nullable(z.string()),
  turned: z.optional(
    z.looseObject({
      outcome: z.enum(["failed", "rolled-back", "timed-out", "cancelled"]),
      cause: z.string(),
    }),
  ),
});

const journalKey = "journal.json";
