import type { ReleaseRecord } from "../state/release-record.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { placeOf } from "./parts/place.ts";
import { recordFacts, secondsTaken } from "./parts/record-facts.ts";
import { durationText } from "../report/text.ts";
import { table } from "./parts/table.ts";

/** `releases --json`, newest first. */
export interface ReleasesDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly releases: readonly (Pick<
    ReleaseRecord,
    | "release"
    | "kind"
    | "version"
    | "digest"
    | "colour"
    | "strategy"
    | "outcome"
    | "reason"
    | "who"
    | "created"
    | "finished"
    | "message"
  > & { readonly seconds: number | null })[];
}

export function releasesDocument(
  stack: StackRecord,
  records: readonly ReleaseRecord[],
): ReleasesDocument {
  return {
    ...placeOf(stack),
    releases: records.map((record) => ({
      ...recordFacts(record),
      who: record.who,
      created: record.created,
      finished: record.finished,
      message: record.message,
      seconds: secondsTaken(record),
    })),
  };
}

export function releasesText(document: ReleasesDocument, now: Date): string {
  const { releases } = document;
  if (releases.length === 0) {
    return "No releases yet.\n";
  }
  const rows = releases.map((one) => [
    String(one.release),
    one.version,
    one.digest.slice(7, 19),
    `${durationText(Math.max(0, (now.getTime() - Date.parse(one.created)) / 1000))} ago`,
    one.seconds === null ? "-" : durationText(one.seconds),
    one.kind === "release" ? one.outcome : `${one.outcome} (${one.kind})`,
    one.who,
    [one.message, one.reason].filter((text) => text !== null && text !== "").join("; "),
  ]);
  return table([headings, ...rows]);
}

const headings = ["#", "version", "digest", "when", "took", "outcome", "who", "message"];
