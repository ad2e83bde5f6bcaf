import { existsSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../errors/command-error.ts";
import { readApplyLog } from "./apply-log.ts";
import { judgeErroredState, readState } from "./errored-state.ts";
import type { ErroredVerdict, StateFacts } from "./errored-state.ts";
import { StateLockedError } from "../events/terraform-failure.ts";
import { readApplyLogFile } from "../run/private-files.ts";

/** The part of Terraform that this needs. */
interface SavedState {
  statePull(): Promise<string>;
  statePush(stateFile: string): Promise<void>;
  forceUnlock(lockId: string): Promise<void>;
}

/**
 * Saves `errored.tfstate` if there is one, and keeps the file under another name. An apply without this would create
 * a second copy of every resource in it. Throws CommandError when it must not be pushed.
 */
export async function recoverErroredState(
  folder: string,
  terraform: SavedState,
): Promise<string | undefined> {
  const path = join(folder, erroredName);
  if (!existsSync(path)) return undefined;
  const text = await readFile(path, "utf8");

  const errored = readErrored(text, path);
  if (errored === undefined) {
    await rename(path, join(folder, "errored.empty.tfstate.backup"));
    return undefined;
  }
  const saved = readState(await terraform.statePull());
  const { deleted } = readApplyLog(await readApplyLogFile(folder));
  const verdict = judgeErroredState(errored, saved, deleted);
  if (verdict.kind === "unrelated" || verdict.kind === "forked") throw refusal(verdict, path);
  if (verdict.kind === "push") await push(terraform, path);

  const kept = `errored.${errored.serial}.tfstate.backup`;
  await rename(path, join(folder, kept));
  const resources = `${errored.resources.size} resource${errored.resources.size === 1 ? "" : "s"}`;
  return verdict.kind === "push"
    ? `An earlier run could not save its state (serial ${errored.serial}, ${resources}) and left it in ${erroredName}. It is saved now; a copy is in ${kept}.`
    : `The saved state already contains ${erroredName} of an earlier run (serial ${errored.serial}); it is now named ${kept}.`;
}

/** The run that could not save its state could not release its lock either. What it made is in the file, so that nothing is lost with the lock. */
async function push(terraform: SavedState, path: string): Promise<void> {
  try {
    await terraform.statePush(path);
  } catch (error) {
    if (!(error instanceof StateLockedError) || error.deadLock === undefined) throw error;
    await terraform.forceUnlock(error.deadLock);
    await terraform.statePush(path);
  }
}

/** Undefined when the run had made nothing. */
function readErrored(text: string, path: string): StateFacts | undefined {
  if (text.trim() === "") throw damaged(path, undefined);
  try {
    return readState(text);
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, cause: unknown): CommandError {
  return new CommandError("The state that an earlier run could not save is damaged", {
    where: path,
    next: "Compare it with what AWS has (by the stack's tags), then move the file elsewhere and run the same command again.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function refusal(
  verdict: Extract<ErroredVerdict, { kind: "unrelated" | "forked" }>,
  path: string,
): CommandError {
  if (verdict.kind === "unrelated") {
    return new CommandError("The state that an earlier run left behind belongs to another stack", {
      where: path,
      why: "its lineage differs from the saved state's; saving it would overwrite this stack's state",
      next: `If you know where it belongs, save it there; otherwise move it: mv ${path} ${path}.unrelated`,
    });
  }
  return new CommandError(
    "The state that an earlier run left behind and the saved one have diverged",
    {
      where: path,
      why: "another run applied before this state was saved; resources that are in only one of them may exist in AWS",
      next: `Delete what is only in ${erroredName}, or add it with terraform import; then: mv ${path} ${path}.settled`,
      detail: [
        ...verdict.onlyErrored.map((resource) => `only in ${erroredName}: ${resource}`),
        ...verdict.onlySaved.map((resource) => `only in the saved state: ${resource}`),
      ],
    },
  );
}

const erroredName = "errored.tfstate";
