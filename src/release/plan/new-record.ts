import type { BeforeSettings } from "../../config/schema/before.ts";
import type { ContainerSettings } from "../../state/container-record.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackOutputs } from "../../state/stack-record.ts";

/** What a release runs: an image, its version and its container's settings. */
export interface Content {
  readonly version: string;
  readonly digest: string;
  readonly context_hash: string;
  readonly container: ContainerSettings;
}

export interface RecordFacts extends Pick<
  ReleaseRecord,
  | "release"
  | "kind"
  | "colour"
  | "replaces"
  | "who"
  | "created"
  | "message"
  | "strategy"
  | "strategy_reason"
> {
  readonly content: Content;
  /** Default: the release's own number. */
  readonly deployment?: number | undefined;
  /** What runs before it starts; left out or null: nothing. */
  readonly before?: BeforeSettings | null;
}

/** The record of a release that begins now. */
export function newRecord(
  outputs: Pick<StackOutputs, "repository_url">,
  facts: RecordFacts,
): ReleaseRecord {
  const { content, deployment, before, ...given } = facts;
  return {
    schema_version: 1,
    ...given,
    deployment: deployment ?? facts.release,
    version: content.version,
    digest: content.digest,
    image: `${outputs.repository_url}@${content.digest}`,
    finished: null,
    outcome: "in-progress",
    reason: null,
    taken_back_by: null,
    context_hash: content.context_hash,
    container: content.container,
    ...(before === undefined || before === null
      ? {}
      : { before: { command: before.command, timeout_seconds: before.timeoutSeconds } }),
  };
}

/** The next number after the newest release, even a failed one: a number is never used twice. `releases`: newest first. */
export function nextNumber(releases: readonly Pick<ReleaseRecord, "release">[]): number {
  return (releases[0]?.release ?? 0) + 1;
}
