import { randomUUID } from "node:crypto";
import { mkdir, readFile, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs `work` while holding the lock file `path`. While another process holds it, calls `onWait` once and waits, until `aborted` fires.
 * The holder touches the file while it works. An old file therefore belongs to a killed process, and the next process takes it over.
 */
export async function withLock<T>(
  path: string,
  onWait: () => void,
  aborted: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const token = randomUUID();
  let touching: NodeJS.Timeout | undefined;
  try {
    await acquire(path, token, onWait, aborted);
    touching = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
    }, touchMilliseconds);
    return await work();
  } finally {
    clearInterval(touching);
    if ((await holder(path)) === token) await unlink(path).catch(() => undefined);
  }
}

async function acquire(
  path: string,
  token: string,
  onWait: () => void,
  aborted: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let waited = false;
  let tookOver = false;
  while (!(await create(path, token))) {
    if (await isStale(path)) {
      await unlink(path).catch(() => undefined);
      tookOver = true;
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await pause(aborted);
  }
  if (!tookOver) return;
  // The second of two waiters may remove the first one's new lock with the stale file. The token that stays wins.
  await pause(aborted);
  if ((await holder(path)) !== token) await acquire(path, token, onWait, aborted);
}

async function pause(aborted: AbortSignal): Promise<void> {
  await delay(settleMilliseconds, undefined, { signal: aborted }).catch(() => {
    aborted.throwIfAborted();
  });
}

async function create(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function holder(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

async function isStale(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleMilliseconds;
}

const touchMilliseconds = 1000;
const settleMilliseconds = 100;
const staleMilliseconds = 8000;
