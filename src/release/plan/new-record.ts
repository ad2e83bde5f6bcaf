import type { ContainerSettings, ReleaseRecord } from "../../state/release-record.ts";
import type { StackOutputs } from "../../state/stack-record.ts";

/** What is to run: an image under a version, with what its container is given. */
export interface Content {
  readonly version: string;
  readonly digest: string;
  readonly context_hash: string;
  readonly container: ContainerSettings;
}

export interface RecordFacts extends Pick<
  ReleaseRecord,
  "release" | "kind" | "colour" | "replaces" | "who" | "created" | "message" | "strategy"
> {
  readonly content: Content;
  /** Left out, the release's own number. */
  readonly deployment?: number;
}

/** A release at its beginning. */
export function newRecord(
  outputs: Pick<StackOutputs, "repository_url">,
  facts: RecordFacts,
): ReleaseRecord {
  const { content, deployment, ...given } = facts;
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
  };
}

/** One more than the newest, also when that one failed: a number is never used twice. `releases`: newest first. */
export function nextNumber(releases: readonly Pick<ReleaseRecord, "release">[]): number {
  return (releases[0]?.release ?? 0) + 1;
}
