import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { desiredStack, type Stack } from "../stack/stack.ts";
import { chooseZones, needsZones } from "../stack/zones.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { Files } from "../terraform/render/files.ts";
import { filesHash, renderStack } from "../terraform/render/render-stack.ts";
import { loadTemplates } from "../terraform/render/template-files.ts";
import { appliedEndpoints } from "./door/login.ts";
import { architectureOf, imageKindOf, keptImage } from "./desired.ts";
import { readLocalRecords } from "./local-record.ts";

export interface OfflineRender {
  readonly files: Files;
  readonly hash: string;
  /** Which of AWS's facts are known. Bare terraform asks for the others. */
  readonly knowledge: Stack["knowledge"];
}

/**
 * What `up` would apply, without asking AWS. AWS's facts come from this machine's copy of stack.json or from `account`; bare terraform
 * asks for the others. Throws CommandError (64) when this machine has the stack in several accounts and none was named.
 */
export async function renderOffline(
  config: Config,
  stateFolder: string,
  account: string | undefined,
): Promise<OfflineRender> {
  const records = await readLocalRecords(stateFolder, config);
  const record = choose(records, account, config);
  const login = appliedEndpoints(config, record);
  const stack = desiredStack(config, {
    account: account ?? record?.account ?? null,
    amiId:
      config.instances.machineImage ??
      keptImage(record, architectureOf(config), imageKindOf(config)) ??
      null,
    zones: knownZones(config, record),
    readableSecrets: record?.secrets ?? [],
    readableModels: record?.models ?? [],
    ...(login === undefined ? {} : { login }),
    ...(record?.key_group === undefined ? {} : { keyGroup: record.key_group }),
  });
  const files = renderStack(stack, await loadTemplates());
  return { files, hash: filesHash(files), knowledge: stack.knowledge };
}

/** The stack's zones, or those that the user named for a new one; null when only AWS knows them. */
function knownZones(
  { network: { vpc, zones: wanted } }: Config,
  record: StackRecord | undefined,
): readonly string[] | null {
  if (vpc !== null) return [];
  const choice = { wanted, kept: record?.zones };
  if (!needsZones(choice)) return chooseZones({ ...choice, zones: undefined });
  return record === undefined && typeof wanted !== "number" ? wanted : null;
}

function choose(
  records: readonly StackRecord[],
  account: string | undefined,
  { name, environment }: Config,
): StackRecord | undefined {
  if (account !== undefined) {
    return records.find((record) => record.account === account);
  }
  if (records.length > 1) {
    throw new CommandError(`${name} (${environment}) is in ${records.length} accounts.`, {
      exitCode: exitCodes.usage,
      why: `this machine brought it up in ${records.map((record) => record.account).join(" and ")}`,
      next: `add --account ${records[0]?.account}`,
    });
  }
  return records[0];
}
