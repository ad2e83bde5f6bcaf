import type { ReleaseRecord } from "../rollout/records.ts";
import type { StackRecord } from "../rollout/stack-record.ts";

/** `up --json`. */
export interface UpDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly url: string;
  readonly version: string;
  readonly digest: string;
  readonly release: number;
  /** Whether this run changed anything. */
  readonly changed: boolean;
  /** Whether the build context is no longer the one that the release was built from. */
  readonly sources_changed: boolean;
}

export function upDocument(
  stack: StackRecord,
  release: ReleaseRecord,
  facts: { readonly changed: boolean; readonly sourcesChanged: boolean },
): UpDocument {
  return {
    schema_version: 1,
    name: stack.name,
    environment: stack.environment,
    region: stack.region,
    url: stack.outputs.url,
    version: release.version,
    digest: release.digest,
    release: release.release,
    changed: facts.changed,
    sources_changed: facts.sourcesChanged,
  };
}

/** The address alone on the first line, so that a person finds it and a script can read it. */
export function upText(document: UpDocument): string {
  const state = document.changed ? "is up" : "is up to date";
  const lines = [
    document.url,
    `${document.name} (${document.environment}) ${state}: version ${document.version}`,
  ];
  if (document.sources_changed) {
    lines.push(
      "The image's sources have changed since that version was built; `up` leaves a running version alone.",
    );
  }
  return `${lines.join("\n")}\n`;
}
