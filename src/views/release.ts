import type { Released } from "../release/release.ts";
import type { LeftBehind } from "../release/end/untidy.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { addressOf } from "./parts/place.ts";
import { beforeResult, type BeforeStatus } from "./parts/status/before.ts";
import { recordFacts, secondsTaken } from "./parts/record-facts.ts";

/** `release --json`, `rollback --json` and `restart --json`. */
export interface ReleaseDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly url: string;
  readonly release: number;
  readonly kind: ReleaseRecord["kind"];
  readonly version: string;
  readonly digest: string;
  readonly colour: ReleaseRecord["colour"];
  readonly strategy: ReleaseRecord["strategy"];
  /** Why release.strategy auto chose it; null when the user chose. */
  readonly strategy_reason: string | null;
  readonly outcome: ReleaseRecord["outcome"];
  readonly reason: string | null;
  readonly replaces: ReleaseRecord["replaces"];
  /** The version that has the traffic now. */
  readonly serving: string;
  /** Whether this run changed anything. */
  readonly changed: boolean;
  /** How long the release took; null when nothing was changed. */
  readonly seconds: number | null;
  /** What AWS refused to tidy up, with the commands that do it by hand. */
  readonly untidy: readonly LeftBehind[];
  /** How the command of `release.before` ended; null when this run ran none. */
  readonly before: BeforeStatus | null;
}

export function releaseDocument(
  stack: StackRecord,
  { record, changed, left }: Released,
): ReleaseDocument {
  const isServing = record.outcome === "succeeded" || record.replaces === null;
  return {
    ...addressOf(stack),
    ...recordFacts(record),
    replaces: record.replaces,
    serving: isServing ? record.version : (record.replaces?.version ?? record.version),
    changed,
    seconds: changed ? secondsTaken(record) : null,
    untidy: left,
    before: changed ? beforeResult(record) : null,
  };
}

export function releaseText(document: ReleaseDocument): string {
  const { kind, name, environment, url, version, release, replaces, changed, seconds } = document;
  const took = seconds === null ? "" : `. It took ${seconds.toFixed(1)} s.`;
  const before = replaces === null ? "" : `, replaces ${replaces.version}`;
  if (kind === "restart") {
    return `${url}\n${name} (${environment}) has restarted ${version} (release ${release})${took}\n`;
  }
  const line = changed
    ? `${name} (${environment}) now serves ${version} (release ${release}${before})${took}`
    : `Nothing to do: ${name} (${environment}) already serves ${version} (release ${release})`;
  return `${url}\n${line}\n`;
}

/** `release --detach`: undefined when there was nothing to do. */
export function begunText(
  begun:
    | { readonly release: number; readonly version: string; readonly logFile: string }
    | undefined,
): string {
  return begun === undefined
    ? "Nothing to do: this version is already serving.\n"
    : `Release ${begun.release} (${begun.version}) continues in the background.\n  log     ${begun.logFile}\n  watch   infer-deploy status --watch\n`;
}
