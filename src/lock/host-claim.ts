import { createHash, randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ciRun } from "../process/ci-run.ts";
import { makeFolder } from "../process/make-folder.ts";
import type { Processes } from "../process/processes.ts";
import { stateHome } from "../process/state-home.ts";
import { lockDocument } from "./new-lock.ts";
import { judgeHolder } from "./lock-holder.ts";
import type { LockDocument } from "../state/lock-document.ts";
import { lockedError } from "./lock-text.ts";

/**
 * A file that names the process of this machine that is taking the stack's lock, or holds it. A second process that finds it is refused
 * without asking AWS. Only the lock in the state bucket decides: when this file is missing or broken, the verb continues to that lock.
 */
export interface HostClaim {
  /** Call it when the lock is released. At the end of the process it runs by itself. */
  readonly giveBack: () => void;
}

/** What chooses the stack, the account and the region, as the user typed it. */
export interface StackFlags {
  readonly config: string | undefined;
  readonly environment: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Name of the local region to work in; undefined works on AWS. */
  readonly sandbox: string | undefined;
}

export interface ClaimDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
  readonly processes: Processes;
  readonly onExit: (listener: () => void) => void;
}

/**
 * Claims the stack that these flags name. `command`: the verb with its options. Throws CommandError (5) when another process of this
 * machine has the claim and is alive.
 */
export async function claimHost(
  deps: ClaimDeps,
  flags: StackFlags,
  command: string,
): Promise<HostClaim> {
  const file = claimFile(deps, flags);
  const self = await deps.processes.self();
  const facts = { id: randomUUID(), ci: ciRun(deps.env), command, since: deps.now() };
  const claim = lockDocument(self, facts);
  const text = `${JSON.stringify(claim)}\n`;
  if (!place(linkSync, file, claim.id, text)) {
    const other = readClaim(file);
    if (other !== undefined) {
      const verdict = judgeHolder(other, self, await deps.processes.look(other.pid));
      if (verdict.state === "alive") throw lockedError(other, verdict, deps.now(), 0);
    }
    place(renameSync, file, claim.id, text);
  }
  const giveBack = (): void => {
    if (readClaim(file)?.id === claim.id) remove(file);
  };
  deps.onExit(giveBack);
  return { giveBack };
}

/** Removes the claim of any process. For `lock release`, after which no claim may refuse the next run. */
export function dropClaim(deps: Pick<ClaimDeps, "env" | "cwd">, flags: StackFlags): void {
  remove(claimFile(deps, flags));
}

/** Named after what the user typed. The stack behind it is known only after reading files and asking AWS. */
function claimFile({ env, cwd }: Pick<ClaimDeps, "env" | "cwd">, flags: StackFlags): string {
  const { config, environment, region, profile, sandbox } = flags;
  const named = { config, environment, region, profile, sandbox };
  const given = variables.map((name) => env[name] ?? null);
  const name = createHash("sha256")
    .update(JSON.stringify([cwd, named, given]))
    .digest("hex");
  return join(stateHome(env), "claims", `${name}.json`);
}

/**
 * False when the file cannot be written, or exists already with `linkSync`; `renameSync` replaces it. It is written as a draft first, so
 * that no process reads half of it.
 */
function place(
  put: (draft: string, file: string) => void,
  file: string,
  id: string,
  text: string,
): boolean {
  const draft = `${file}.${id}`;
  try {
    makeFolder(dirname(file), 0o700);
    writeFileSync(draft, text, { mode: 0o600 });
    put(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    remove(draft);
  }
}

/** A file that cannot be removed does no harm: once its process is dead, it refuses no run. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}

/** Undefined when the claim is missing or unreadable. Does not use `parseLock`, because loading zod would slow the refusal down. */
function readClaim(file: string): LockDocument | undefined {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as Partial<LockDocument> | null;
    const isWhole =
      Number.isInteger(value?.pid) &&
      [value?.id, value?.user, value?.host, value?.command, value?.since].every(
        (one) => typeof one === "string",
      );
    return isWhole ? (value as LockDocument) : undefined;
  } catch {
    return undefined;
  }
}

/** AWS's variables that choose an account or a region, as the flags do. The flags' own variables are read with the flags. */
const variables = ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"];
