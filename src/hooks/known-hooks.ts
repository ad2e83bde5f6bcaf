import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import type { Reporter } from "../report/reporter.ts";
import { findHook } from "./find-hook.ts";
import { hookFile, hookNames, type HookName } from "./hook.ts";

export interface AgreeDeps {
  readonly reporter: Pick<Reporter, "ask">;
  /** The folder of infer-deploy.yml. */
  readonly root: string;
  /** Where this machine remembers what was agreed to. */
  readonly stateFolder: string;
}

/**
 * Asks before the first run of a hook in this folder: it comes with the project, and runs with the user's credentials. Throws CommandError (1)
 * when the answer is no. Only for a person at a terminal: everywhere else the pipeline has decided what it runs.
 */
export async function agreeToHooks({ reporter, root, stateFolder }: AgreeDeps): Promise<void> {
  const present = await presentHooks(root);
  const file = join(
    stateFolder,
    "hooks",
    `${createHash("sha256").update(root).digest("hex")}.json`,
  );
  const known = await readKnown(file);
  const unknown = present.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const what = unknown.length === 1 ? "a program" : "programs";
  const question = `This project brings ${what} that a release runs with your credentials: ${unknown.map((name) => hookFile(root, name)).join(", ")}. Run ${unknown.length === 1 ? "it" : "them"}?`;
  if (!(await reporter.ask(question, "--yes"))) {
    throw new CommandError("Nothing was done, because the hooks may not run.", {
      next: "read them, or leave them out with --skip-hooks",
    });
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify([...new Set([...known, ...unknown])]), { mode: 0o600 });
}

async function presentHooks(root: string): Promise<readonly HookName[]> {
  const found = await Promise.all(
    hookNames.map(async (name) =>
      (await findHook(hookFile(root, name))) === undefined ? [] : [name],
    ),
  );
  return found.flat();
}

async function readKnown(file: string): Promise<readonly unknown[]> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}
