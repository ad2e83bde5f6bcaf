import type { ReleaseRecord } from "../../state/release-record.ts";

/** What every document about a release says of it first. */
export function recordFacts(record: ReleaseRecord) {
  const { release, kind, version, digest, colour, strategy, outcome, reason } = record;
  const strategy_reason = record.strategy_reason ?? null;
  return { release, kind, version, digest, colour, strategy, strategy_reason, outcome, reason };
}

/** Null while the release has not ended. */
export function secondsTaken({
  created,
  finished,
}: Pick<ReleaseRecord, "created" | "finished">): number | null {
  return finished === null ? null : (Date.parse(finished) - Date.parse(created)) / 1000;
}
