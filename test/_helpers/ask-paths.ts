import { setTimeout as delay } from "node:timers/promises";

/** Sends these requests twice a second while `work` lasts, and waits for no answer. */
export async function underPaths(
  url: string,
  paths: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const end = new AbortController();
  const load = (async () => {
    while (!end.signal.aborted) {
      for (const path of paths) void fetch(`${url}${path}`).catch(() => undefined);
      await delay(500);
    }
  })();
  try {
    await work();
  } finally {
    end.abort();
    await load;
  }
}
