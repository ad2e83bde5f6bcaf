import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { statusText } from "../views/status-text.ts";
import { readJournal } from "../state/journal.ts";
import { lookForHolder, readLock } from "../lock/lock-store.ts";
import { holderName } from "../lock/lock-text.ts";
import { systemProcesses } from "../process/processes.ts";
import { observe } from "../release/observe/observe.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { statusDocument, type HolderSight, type StatusDocument } from "../views/status-document.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { addressQuestion, openTarget, requireStack, type Target } from "../target/target.ts";

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

async function look(deps: Deps, target: Target, stack: StackRecord): Promise<StatusDocument> {
  const sources = { aws: target.aws, store: target.store, fetch: deps.fetch };
  const [snapshot, journal, holder] = await Promise.all([
    observe(sources, stack, addressQuestion(target.config, stack.outputs.url)),
    readJournal(target.store),
    seeHolder(target),
  ]);
  return statusDocument(stack, snapshot, journal, holder);
}

async function seeHolder(target: Target): Promise<HolderSight | undefined> {
  const found = await readLock(target.store);
  if (found?.lock === undefined) {
    return undefined;
  }
  const verdict = await lookForHolder(systemProcesses, found.lock);
  return { name: holderName(found.lock), state: verdict.state };
}

function print(deps: Deps, flags: GlobalFlags, own: StatusFlags, document: StatusDocument): void {
  deps.out(
    flags.json
      ? // Documents that follow each other are told apart by their lines.
        `${JSON.stringify(document, undefined, own.watch ? 0 : 2)}\n`
      : statusText(document, deps.clock.now()),
  );
}

const watchMilliseconds = 2000;
const clearScreen = "\u001b[2J\u001b[H";
