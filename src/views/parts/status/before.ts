import type { Snapshot } from "../../../release/observe/snapshot.ts";
import { beforeText } from "../../../release/strategy/before.ts";
import type { BeforeReport } from "../../../state/reports/before-report.ts";
import type { ReleaseRecord } from "../../../state/release-record.ts";

/** How far the command of `release.before` is, or how it ended. */
export interface BeforeStatus extends Pick<BeforeReport, "exit_code" | "seconds" | "state"> {
  /** The instance that runs it or ran it. */
  readonly instance: string;
}

/** Null for a release without the command, and before it has begun. */
export function beforeStatus(
  { before, deployment, finished }: ReleaseRecord,
  { instances }: Pick<Snapshot, "instances">,
): BeforeStatus | null {
  if (before === undefined) return null;
  const result = beforeResult({ before });
  if (result !== null) return result;
  const own = instances.find(
    ({ agent }) => agent?.before !== undefined && agent.release === deployment,
  );
  const report = finished === null ? own?.agent?.before : undefined;
  return own === undefined || report === undefined ? null : factsOf(report, own.id);
}

export function beforeStatusLines(status: BeforeStatus | null): readonly string[] {
  return status === null
    ? []
    : [`  before    release.before ${beforeText(status, status.instance)}`];
}

/** How the command of a release ended that is over; null without one. */
export function beforeResult({ before }: Pick<ReleaseRecord, "before">): BeforeStatus | null {
  const result = before?.result;
  return result === undefined ? null : factsOf(result, result.instance);
}

function factsOf(
  { state, exit_code, seconds }: Pick<BeforeReport, "exit_code" | "seconds" | "state">,
  instance: string,
): BeforeStatus {
  return { state, exit_code, seconds, instance };
}
