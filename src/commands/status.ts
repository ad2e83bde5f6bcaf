import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";
import type { HolderSight, StatusDocument } from "../views/status-document.ts";
import { stackVerb } from "./stack-verb.ts";

const options = { watch: onOff("--watch", "draw it again every two seconds") };

type StatusFlags = Values<typeof options>;

export const status = stackVerb({
  name: "status",
  summary: "versions, weights, instances, alarms and what the address answers",
  options,
  needsImage: false,
  run,
});

/** Prints the state; exits with 1 when the address is not healthy, so that a script may rely on it. */
async function run(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: StatusFlags,
): Promise<number> {
  const { openTarget, requireStack } = await import("../target/target.ts");

  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const stack = await requireStack(target);
  let document = await look(deps, target, stack);
  await print(deps, flags, own, document);
  while (own.watch && deps.isRead() && !deps.interrupts.aborted.aborted) {
    await deps.clock.sleep(watchMilliseconds, deps.interrupts.aborted).catch(() => undefined);
    if (!deps.interrupts.aborted.aborted) {
      document = await look(deps, target, stack);
      if (deps.interactive && !flags.json) {
        deps.out(clearScreen);
      }
      await print(deps, flags, own, document);
    }
  }
  return document.healthy ? exitCodes.done : exitCodes.failed;
}

async function look(deps: Deps, target: Target, stack: StackRecord): Promise<StatusDocument> {
  const { observe } = await import("../release/observe/observe.ts");
  const { readJournal } = await import("../state/journal.ts");
  const { addressQuestion } = await import("../target/target.ts");
  const { statusDocument } = await import("../views/status-document.ts");

  const sources = { aws: target.aws, store: target.store, fetch: deps.fetch };
  const [snapshot, journal, holder] = await Promise.all([
    observe(sources, stack, addressQuestion(target.config, stack.outputs.url)),
    readJournal(target.store),
    seeHolder(target),
  ]);
  return statusDocument(stack, snapshot, journal, holder);
}

async function seeHolder(target: Target): Promise<HolderSight | undefined> {
  const { lookForHolder, readLock } = await import("../lock/lock-store.ts");
  const { holderName } = await import("../lock/lock-text.ts");
  const { systemProcesses } = await import("../process/processes.ts");

  const found = await readLock(target.store);
  if (found?.lock === undefined) {
    return undefined;
  }
  const verdict = await lookForHolder(systemProcesses, found.lock);
  return { name: holderName(found.lock), state: verdict.state };
}

async function print(
  deps: Deps,
  flags: GlobalFlags,
  own: StatusFlags,
  document: StatusDocument,
): Promise<void> {
  const { statusText } = await import("../views/status-text.ts");

  deps.out(
    flags.json
      ? // Documents that follow each other are told apart by their lines.
        `${JSON.stringify(document, undefined, own.watch ? 0 : 2)}\n`
      : statusText(document, deps.clock.now()),
  );
}

const watchMilliseconds = 2000;
const clearScreen = "\u001b[2J\u001b[H";
