import { setTimeout as delay } from "node:timers/promises";

/** Asks 20 times a second until the result is called; that resolves to the answers: status, and where it leads without the query. */
export function keepAsking(ask: typeof fetch, url: string): () => Promise<readonly string[]> {
  const answers: string[] = [];
  const over = new AbortController();
  const work = (async () => {
    while (!over.signal.aborted) {
      try {
        const answer = await ask(url, { redirect: "manual" });
        await answer.body?.cancel();
        answers.push(`${answer.status} ${(answer.headers.get("location") ?? "").split("?")[0]}`);
      } catch (error) {
        answers.push(String(error));
      }
      await delay(50);
    }
  })();
  return async () => {
    over.abort();
    await work;
    return answers;
  };
}
