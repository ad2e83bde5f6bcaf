import { constants } from "node:fs";
import { access, lstat, open, readlink, stat } from "node:fs/promises";
import type { HookProblem } from "./hook-error.ts";

/** Undefined when there is no such hook; null when it looks as if it can be started. */
export async function findHook(file: string): Promise<HookProblem | null | undefined> {
  return look(file).catch((cause: unknown) => ({ kind: "not-seen", cause }) as const);
}

async function look(file: string): Promise<HookProblem | null | undefined> {
  const link = await lstat(file).catch(ifMissing);
  if (link === undefined) {
    return undefined;
  }
  const found = await stat(file).catch(ifMissing);
  if (found === undefined) {
    return { kind: "broken-link", target: await readlink(file) };
  }
  if (!found.isFile()) {
    return { kind: "not-a-file" };
  }
  const executable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  return executable ? null : { kind: "not-executable" };
}

/** The interpreter in the first line of a script; null when there is none. */
export async function readInterpreter(file: string): Promise<string | null> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestLine), 0, longestLine, 0);
    return /^#![ \t]*([^\n\t ]+)/.exec(buffer.toString("utf8", 0, bytesRead))?.[1] ?? null;
  } finally {
    await handle.close();
  }
}

function ifMissing(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "ENOENT" && code !== "ENOTDIR") {
    throw error;
  }
}

/** The part of a script's first line that Linux reads. */
const longestLine = 256;
