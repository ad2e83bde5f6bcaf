import { completeCommands } from "../errors/printed-commands.ts";
import type { LockDocument } from "../state/lock-document.ts";
import type { HolderVerdict } from "../lock/lock-holder.ts";
import { commandText, holderName, holderPlace, leftBehind } from "../lock/lock-text.ts";
import { placeOf } from "./place.ts";
import { ago } from "../report/time-text.ts";

/** `lock status --json`; `lock release --json` adds `released`. */
export interface LockStatusDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly held: boolean;
  readonly holder: LockDocument | null;
  readonly holder_state: HolderVerdict["state"] | null;
  /** The reason for `holder_state`, for a person. */
  readonly holder_evidence: string | null;
}

export type LockPlace = Pick<LockStatusDocument, "name" | "environment" | "region">;

export function lockStatusDocument(
  place: LockPlace,
  holder: { readonly lock: LockDocument; readonly verdict: HolderVerdict } | undefined,
): LockStatusDocument {
  return {
    ...placeOf(place),
    held: holder !== undefined,
    holder: holder?.lock ?? null,
    holder_state: holder?.verdict.state ?? null,
    holder_evidence: holder?.verdict.evidence ?? null,
  };
}

/** The `lock status` screen. `typed`: the command line after the program. */
export function lockStatusText(
  document: LockStatusDocument,
  now: Date,
  typed: readonly string[],
): string {
  const { holder, holder_state: state } = document;
  const place = `${document.name} (${document.environment}) in ${document.region}`;
  if (holder === null) {
    return `${place} is not locked\n`;
  }
  const lines = [
    `${place} is locked`,
    `  holder    ${holderName(holder)}, ${state}: ${document.holder_evidence}`,
    `  command   ${commandText(holder)}`,
    `  started   ${ago(new Date(holder.since), now)} (${holder.since})`,
    `  where     ${holderPlace(holder)}`,
  ];
  if (state === "dead") {
    const next = completeCommands(`infer-deploy lock release; ${leftBehind}`, typed);
    lines.push(`  next      ${next}`);
  }
  return `${lines.join("\n")}\n`;
}
