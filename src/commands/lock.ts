import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { systemProcesses } from "../process/processes.ts";
import { lockStatusDocument, lockStatusText } from "../views/lock.ts";
import { dropClaim } from "../lock/host-claim.ts";
import { removeLock } from "../lock/lock-removal.ts";
import { lookForHolder, readLock } from "../lock/lock-store.ts";
import { holderName, leftBehind, unreadableError } from "../lock/lock-text.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { openTarget } from "../target/open-target.ts";
import type { Target } from "../target/target.ts";

export type LockVerb = "status" | "release";

/** `infer-deploy lock VERB`. Whether somebody held the lock or nobody did, both verbs end with 0. */
export async function lock(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  verb: LockVerb,
): Promise<number> {
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  return verb === "status" ? status(deps, flags, target) : release(deps, flags, target);
}

async function status(deps: Deps, flags: GlobalFlags, target: Target): Promise<number> {
  const found = await readLock(target.store);
  if (found !== undefined && found.lock === undefined) {
    throw unreadableError(found.problem);
  }
  const holder =
    found === undefined
      ? undefined
      : { lock: found.lock, verdict: await lookForHolder(systemProcesses, found.lock) };
  const document = lockStatusDocument(target.config, holder);
  deps.out(flags.json ? jsonText(document) : lockStatusText(document, deps.clock.now()));
  return exitCodes.done;
}

/** Throws CommandError: 1 when the answer is no, 5 when another run took the lock meanwhile, 64 when nobody can answer. */
async function release(deps: Deps, flags: GlobalFlags, target: Target): Promise<number> {
  const removal = await removeLock({
    store: target.store,
    processes: systemProcesses,
    clock: deps.clock,
    confirm: async (question) => flags.yes || deps.reporter.ask(question, "--yes"),
  });
  if (removal.outcome === "declined") {
    throw new CommandError("The lock was left as it is.", {
      next: "infer-deploy lock release --yes does not ask",
    });
  }
  dropClaim(deps, flags);
  const holder = removal.outcome === "none" ? undefined : removal.holder;
  const released = removal.outcome === "removed";
  if (flags.json) {
    deps.out(jsonText({ ...lockStatusDocument(target.config, holder), held: false, released }));
    return exitCodes.done;
  }
  const { name, environment, region } = target.config;
  const whose =
    holder === undefined ? "the unreadable lock" : `the lock of ${holderName(holder.lock)}`;
  const what = released ? `${whose} is removed` : "not locked";
  deps.out(`${name} (${environment}) in ${region}: ${what}\n`);
  if (released) {
    deps.reporter.notify({ type: "note", text: leftBehind });
  }
  return exitCodes.done;
}
