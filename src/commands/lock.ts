import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { stackVerb } from "./kinds/stack-verb.ts";
import type { VerbGroup } from "./kinds/verb.ts";

/** Both verbs end with 0 whether the lock was held or not. */
export const lock: VerbGroup = {
  name: "lock",
  summary: "shows or removes the lock that a run holds while it moves traffic",
  verbs: [
    stackVerb({
      name: "status",
      summary: "shows which run holds it, since when, and whether it is still alive",
      options: {},
      needsImage: false,
      run: runStatus,
    }),
    stackVerb({
      name: "release",
      summary: "removes a killed run's lock",
      options: {},
      needsImage: false,
      run: runRelease,
    }),
  ],
};

async function runStatus(deps: Deps, flags: GlobalFlags, loaded: LoadedConfig): Promise<number> {
  const { lookForHolder, readLock } = await import("../lock/lock-store.ts");
  const { unreadableError } = await import("../lock/lock-text.ts");
  const { systemProcesses } = await import("../process/processes.ts");
  const { openTarget } = await import("../target/open-target.ts");
  const { readStateLock } = await import("../lock/state-lock.ts");
  const { lockStatusDocument, lockStatusText } = await import("../views/lock.ts");

  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const [found, stateLock] = await Promise.all([
    readLock(target.store),
    readStateLock(target.store),
  ]);
  if (found !== undefined && found.lock === undefined) {
    throw unreadableError(found.problem);
  }
  const holder =
    found === undefined
      ? undefined
      : { lock: found.lock, verdict: await lookForHolder(systemProcesses, found.lock) };
  const document = lockStatusDocument(target.config, holder, stateLock);
  deps.out(flags.json ? jsonText(document) : lockStatusText(document, deps.clock.now(), deps.args));
  return exitCodes.done;
}

/** Throws CommandError: 1 when the answer is no, 5 when another run took the lock meanwhile, 64 when no person can answer. */
async function runRelease(deps: Deps, flags: GlobalFlags, loaded: LoadedConfig): Promise<number> {
  const { dropClaim } = await import("../lock/host-claim.ts");
  const { removeLock } = await import("../lock/lock-removal.ts");
  const { holderName, leftBehind } = await import("../lock/lock-text.ts");
  const { systemProcesses } = await import("../process/processes.ts");
  const { openTarget } = await import("../target/open-target.ts");
  const { readStateLock, removeStateLock, stateLockText } = await import("../lock/state-lock.ts");
  const { lockStatusDocument } = await import("../views/lock.ts");

  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const asked = {
    store: target.store,
    clock: deps.clock,
    confirm: async (question: string) => flags.yes || deps.reporter.ask(question, "--yes"),
  };
  const removal = await removeLock({ ...asked, processes: systemProcesses });
  const stateLock = await readStateLock(target.store);
  if (
    removal.outcome === "declined" ||
    (stateLock !== undefined && !(await removeStateLock(asked, stateLock)))
  ) {
    throw new CommandError("The lock was left as it is.", {
      next: "infer-deploy lock release --yes does not ask",
    });
  }
  dropClaim(deps, flags);
  const holder = removal.outcome === "none" ? undefined : removal.holder;
  const released = removal.outcome === "removed" || stateLock !== undefined;
  if (flags.json) {
    deps.out(jsonText({ ...lockStatusDocument(target.config, holder), held: false, released }));
    return exitCodes.done;
  }
  const { name, environment, region } = target.config;
  const whose = [
    ...(removal.outcome !== "removed"
      ? []
      : [holder === undefined ? "the unreadable lock" : `the lock of ${holderName(holder.lock)}`]),
    ...(stateLock === undefined ? [] : [stateLockText(stateLock, deps.clock.now())]),
  ];
  const what = released
    ? `${whose.join(" and ")} ${whose.length > 1 ? "are" : "is"} removed`
    : "not locked";
  deps.out(`${name} (${environment}) in ${region}: ${what}\n`);
  if (removal.outcome === "removed") {
    deps.reporter.notify({ type: "note", text: leftBehind });
  }
  return exitCodes.done;
}
