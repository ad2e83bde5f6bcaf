import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateHome } from "../../../src/process/state-home.ts";
import type { SandboxState } from "./sandbox-state.ts";

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Where one sandbox keeps its state, certificates, load balancer configuration and controller log. */
export function sandboxFolder(env: EnvironmentVariables, name: string): string {
  return join(sandboxesFolder(env), name);
}

/** The parent of all sandboxes' folders. */
export function sandboxesFolder(env: EnvironmentVariables): string {
  return join(stateHome(env), "sandbox");
}

/** Undefined when there is no such sandbox, or its file has a schema version that this program does not know. */
export async function readSandboxState(folder: string): Promise<SandboxState | undefined> {
  const state = await readJson<SandboxState>(join(folder, stateFile));
  return state?.schema_version === 2 ? state : undefined;
}

export async function writeSandboxState(folder: string, state: SandboxState): Promise<void> {
  await writeAtomically(join(folder, stateFile), `${JSON.stringify(state, null, 2)}\n`, 0o600);
}

/** Undefined when the file is absent or is not JSON. A half-written file cannot occur: writers rename a whole one into place. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** A reader sees the old text or the new text, never a part of it. */
export async function writeAtomically(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const next = `${path}.${process.pid}.next`;
  await writeFile(next, text, { mode });
  await rename(next, path);
}

const stateFile = "state.json";
