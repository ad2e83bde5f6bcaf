import { createHash, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ciRun } from "../process/ci-run.ts";
import type { Processes } from "../process/processes.ts";
import { stateHome } from "../process/state-home.ts";
import { lockDocument } from "./new-lock.ts";
import { judgeHolder } from "./lock-holder.ts";
import type { LockDocument } from "../state/lock-document.ts";
import { lockedError } from "./lock-text.ts";

/**
 * A file of this machine that says which of its processes is on its way to the stack's lock, or holds it. Who finds it needs no answer of AWS
 * to know that it is refused. The lock in the state bucket alone decides: whatever is wrong with this file, the verb goes on and asks for that.
 */
export interface HostClaim {
  /** To be called when the lock is given back; at the process's end it happens by itself. */
  readonly giveBack: () => void;
}

/** What the user typed to choose a stack. */
export interface StackFlags {
  readonly config: string | undefined;
  readonly environment: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
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
 * Claims what these flags name, for `command`, the verb with its options. Throws CommandError (5) when another process of this machine
 * that is seen to live has it.
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

/** Takes the claim away, whoever has it: for `lock release`, after which nothing may be in the way. */
export function dropClaim(deps: Pick<ClaimDeps, "env" | "cwd">, flags: StackFlags): void {
  remove(claimFile(deps, flags));
}

/** By what the user has typed and not by what it leads to, which would have to be read and asked for first. */
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
 * False when it cannot be written, or, with `linkSync`, is there already; `renameSync` writes over it. Whole before it stands in its place:
 * nobody reads half of it.
 */
function place(
  put: (draft: string, file: string) => void,
  file: string,
  id: string,
  text: string,
): boolean {
  const draft = `${file}.${id}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, text, { mode: 0o600 });
    put(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    remove(draft);
  }
}

/** What cannot be removed is in nobody's way for longer than its process lives. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}

/** Undefined when there is none that can be read. Not by `parseLock`: whoever is refused here should not load zod for it. */
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

/** Those of AWS that choose an account or a region as the flags do; the flags' own twins are part of the flags. */
const variables = ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"];
