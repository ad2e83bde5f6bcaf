import { releaseKey, type ReleaseRecord } from "./release-record.ts";

/** Value of each colour's SSM parameter, which the instance agent reads. It holds references only, because a standard parameter takes 4 KB. */
export interface ReleasePointer {
  readonly schema_version: 1;
  readonly release: number;
  readonly version: string;
  /** REGISTRY/REPOSITORY@sha256:DIGEST */
  readonly image: string;
  /** Key of the ReleaseRecord in the state bucket. */
  readonly record: string;
  /**
   * How often the agent reads the pointer from now on, in seconds, at least 1. Replaces the instance's own setting. Like `update`, it is
   * not part of the release: a change of only these two restarts nothing.
   */
  readonly poll_seconds?: number;
  /**
   * When an instance that already runs a release takes this one. "at-once" is the default. "in-standby" waits until its Auto Scaling
   * group has it in Standby, and then for `drain_seconds`. "never" is for a colour whose instances were ended before: they finish their
   * requests with what they run. An instance that runs nothing yet takes it at once in any case.
   */
  readonly update?: Update;
  /**
   * While it is there, an instance fetches the release and does not start it. The named one runs the record's `before` command in the
   * meantime, once for each attempt.
   */
  readonly before?: BeforeOrder;
}

/** When an instance that already runs a release takes another one. */
export type Update = "at-once" | "in-standby" | "never";

/** Which instance runs the command of `release.before`; null while none was chosen. */
export interface BeforeOrder {
  readonly instance: string | null;
  /** From 1 on; 0 while no instance was chosen. */
  readonly attempt: number;
}

/**
 * The pointer that makes a colour's instances run the release. `prefix`: the stack's, in the state bucket. `before`: left out, they start
 * it; `instances`: how many may wait for it.
 */
export function pointerTo(
  record: ReleaseRecord,
  prefix: string,
  update: Update,
  before?: BeforeOrder & { readonly instances: number },
): ReleasePointer {
  return {
    schema_version: 1,
    release: record.release,
    version: record.version,
    image: record.image,
    record: `${prefix}/${releaseKey(record.release)}`,
    ...(update === "at-once" ? {} : { update }),
    // In Standby the next change of the pointer may be a rollback, which must not wait for half a minute.
    ...(update === "in-standby" ? { poll_seconds: standbySeconds } : {}),
    ...(before === undefined
      ? {}
      : {
          before: { instance: before.instance, attempt: before.attempt },
          poll_seconds: Math.max(standbySeconds, Math.ceil(before.instances / readsASecond)),
        }),
  };
}

const standbySeconds = 2;

/** Half of what an account may read of its parameters, because other stacks read too. */
const readsASecond = 20;
