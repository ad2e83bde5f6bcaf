import { completeCommands } from "../errors/printed-commands.ts";
import type { LockDocument } from "../state/lock-document.ts";
import type { HolderVerdict } from "../lock/lock-holder.ts";
import { commandText, holderName, holderPlace, leftBehind } from "../lock/lock-text.ts";
import { placeOf } from "./parts/place.ts";
import type { FoundStateLock } from "../lock/state-lock.ts";
import { ago } from "../report/time-text.ts";
import { operationName } from "../terraform/state/lock-info.ts";

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
  /** The lock of Terraform's state, which `up`, `plan` and `destroy` take; ISO 8601. */
  readonly terraform_lock: {
    readonly who: string;
    readonly operation: string;
    readonly since: string;
  } | null;
}

export type LockPlace = Pick<LockStatusDocument, "name" | "environment" | "region">;

export function lockStatusDocument(
  place: LockPlace,
  holder: { readonly lock: LockDocument; readonly verdict: HolderVerdict } | undefined,
  stateLock?: FoundStateLock,
): LockStatusDocument {
  return {
    ...placeOf(place),
    held: holder !== undefined,
    holder: holder?.lock ?? null,
    holder_state: holder?.verdict.state ?? null,
    holder_evidence: holder?.verdict.evidence ?? null,
    terraform_lock:
      stateLock === undefined
        ? null
        : {
            who: stateLock.lock.who,
            operation: operationName(stateLock.lock.operation),
            since: stateLock.lock.created,
          },
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
  const { terraform_lock: terraform } = document;
  if (holder === null && terraform === null) {
    return `${place} is not locked\n`;
  }
  const ofTerraform =
    terraform === null
      ? []
      : [`  Terraform ${terraform.operation} by ${terraform.who} since ${terraform.since}`];
  if (holder === null) {
    const next = completeCommands("infer-deploy lock release, if that Terraform has ended", typed);
    return `${[`${place}: Terraform's state is locked`, ...ofTerraform, `  next      ${next}`].join("\n")}\n`;
  }
  const lines = [
    `${place} is locked`,
    `  holder    ${holderName(holder)}, ${state}: ${document.holder_evidence}`,
    `  command   ${commandText(holder)}`,
    `  started   ${ago(new Date(holder.since), now)} (${holder.since})`,
    `  where     ${holderPlace(holder)}`,
    ...ofTerraform,
  ];
  if (state === "dead") {
    const next = completeCommands(`infer-deploy lock release; ${leftBehind}`, typed);
    lines.push(`  next      ${next}`);
  }
  return `${lines.join("\n")}\n`;
}
