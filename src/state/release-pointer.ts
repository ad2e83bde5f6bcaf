import { releaseKey, type ReleaseRecord } from "./release-record.ts";

/** Value of each colour's SSM parameter, read by the instance agent: references only, because a standard parameter holds 4 KB. */
export interface ReleasePointer {
  readonly schema_version: 1;
  readonly release: number;
  readonly version: string;
  /** REGISTRY/REPOSITORY@sha256:DIGEST */
  readonly image: string;
  /** Key of the ReleaseRecord in the state bucket. */
  readonly record: string;
  /**
   * Seconds between two looks at the pointer from now on, instead of the instance's own setting; at least 1. Like `update`, it is no part
   * of what the release is: a pointer that differs in these two alone restarts nothing.
   */
  readonly poll_seconds?: number;
  /**
   * When an instance that already runs a release takes this one: at once (the default), or only while its Auto Scaling group has it in
   * Standby, and there only after `drain_seconds`. One that runs nothing yet takes it at once either way.
   */
  readonly update?: "at-once" | "in-standby";
}

/** What a colour's instances are to run. `prefix`: the stack's, in the state bucket. */
export function pointerTo(
  record: ReleaseRecord,
  prefix: string,
  update: "at-once" | "in-standby",
): ReleasePointer {
  return {
    schema_version: 1,
    release: record.release,
    version: record.version,
    image: record.image,
    record: `${prefix}/${releaseKey(record.release)}`,
    // In Standby the next change of the pointer may be the way back, which must not wait for half a minute.
    ...(update === "at-once" ? {} : { update, poll_seconds: standbySeconds }),
  };
}

const standbySeconds = 2;
