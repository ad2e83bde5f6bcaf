import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { lookForHolder, readLock } from "../lock/lock-store.ts";
import { holderName } from "../lock/lock-text.ts";
import { systemProcesses } from "../process/processes.ts";
import { addressQuestion } from "../release/observe/address.ts";
import { allAlarms } from "../release/observe/alarms.ts";
import { observeStack } from "../release/observe/observe-stack.ts";
import { readJournal } from "../state/journal.ts";
import type { ObjectStore } from "../state/object-store.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { openTarget } from "../target/open-target.ts";
import { requireStack } from "../target/require-stack.ts";
import { createParts } from "../target/stack-parts.ts";
import type { Target } from "../target/target.ts";
import {
  statusDocument,
  statusText,
  type HolderSight,
  type StatusDocument,
} from "../views/status.ts";

export interface StatusFlags {
  readonly watch: boolean;
}

/** Prints the state; exits with 1 when the address is not healthy, so that a script may rely on it. */
export async function status(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: StatusFlags,
): Promise<number> {
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const stack = await requireStack(target);
  let document = await look(deps, target, stack);
  print(deps, flags, own, document);
  while (own.watch && !deps.interrupts.aborted.aborted) {
    await deps.clock.sleep(watchMilliseconds, deps.interrupts.aborted).catch(() => undefined);
    if (!deps.interrupts.aborted.aborted) {
      document = await look(deps, target, stack);
      if (deps.interactive && !flags.json) {
        deps.out(clearScreen);
      }
      print(deps, flags, own, document);
    }
  }
  return document.healthy ? exitCodes.done : exitCodes.failed;
}

async function look(
  deps: Pick<Deps, "fetch">,
  { aws, config, store }: Target,
  stack: StackRecord,
): Promise<StatusDocument> {
  const { outputs } = stack;
  const sources = { ...createParts(aws, outputs), store, fetch: deps.fetch };
  const [snapshot, journal, holder] = await Promise.all([
    observeStack(sources, allAlarms(outputs), addressQuestion(config, outputs.url)),
    readJournal(store),
    seeHolder(store),
  ]);
  return statusDocument(stack, snapshot, journal, holder);
}

async function seeHolder(store: Pick<ObjectStore, "get">): Promise<HolderSight | undefined> {
  const found = await readLock(store);
  if (found?.lock === undefined) {
    return undefined;
  }
  const verdict = await lookForHolder(systemProcesses, found.lock);
  return { name: holderName(found.lock), state: verdict.state };
}

function print(
  deps: Pick<Deps, "clock" | "out">,
  { json }: Pick<GlobalFlags, "json">,
  { watch }: StatusFlags,
  document: StatusDocument,
): void {
  deps.out(
    json
      ? // Documents that follow each other are told apart by their lines.
        `${JSON.stringify(document, undefined, watch ? 0 : 2)}\n`
      : statusText(document, deps.clock.now()),
  );
}

const watchMilliseconds = 2000;
const clearScreen = "\u001b[2J\u001b[H";
