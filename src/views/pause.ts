import type { PauseChange } from "../release/pause/maintenance.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { addressOf, type Place } from "./parts/place.ts";
import { oneLine, reasonDocument, type ReasonDocument } from "./parts/status/pause.ts";

export type PauseVerb = "maintenance on" | "maintenance off" | "sleep" | "wake";

/** `maintenance on`, `maintenance off`, `sleep` and `wake` with --json: what is paused now. */
export interface PauseChangeDocument extends Place {
  readonly url: string;
  readonly command: PauseVerb;
  readonly maintenance: ReasonDocument | null;
  readonly sleep: ReasonDocument | null;
  /** seen: the address was seen to follow. late: not within a minute. silent: it does not answer here. */
  readonly address: PauseChange["seen"];
}

export function pauseDocument(
  stack: StackRecord,
  command: PauseVerb,
  { pause, seen }: PauseChange,
): PauseChangeDocument {
  return {
    ...addressOf(stack),
    command,
    maintenance: pause?.maintenance ? reasonDocument(pause.maintenance) : null,
    sleep: pause?.sleep ? reasonDocument(pause.sleep) : null,
    address: seen,
  };
}

export function pauseText(document: PauseChangeDocument): string {
  const { name, environment, region, url, maintenance, sleep, address } = document;
  const where = `${name} (${environment}) in ${region}`;
  const reason = maintenance ?? sleep;
  const what =
    reason === null
      ? address === "late"
        ? `${where}: ${url} has no good answer yet; infer-deploy status shows why`
        : `${where}: ${url} serves`
      : `${where}: ${url} answers 503: ${oneLine(reason.message)}`;
  const next = [
    ...(maintenance === null ? [] : ["infer-deploy maintenance off gives users the service again"]),
    ...(sleep === null ? [] : ["infer-deploy wake starts the instances again"]),
  ];
  return `${[what, ...next].join("\n")}\n`;
}
