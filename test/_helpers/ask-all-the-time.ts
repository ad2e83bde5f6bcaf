import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";

/** Asks once in 50 ms. `end` fails when an answer was neither the app's nor the redirect. */
export function askAllTheTime(url: string) {
  const answers: (number | string)[] = [];
  const over = new AbortController();
  const work = (async () => {
    while (!over.signal.aborted) {
      const answer = await fetch(url, { redirect: "manual" }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        (error: unknown) => String(error),
      );
      answers.push(answer);
      await delay(50);
    }
  })();
  return {
    until: async (status: number) =>
      expect.poll(() => answers.at(-1), { timeout: 20_000 }).toBe(status),
    end: async () => {
      over.abort();
      await work;
      expect(answers.filter((answer) => answer !== 200 && answer !== 301)).toEqual([]);
      expect(answers.length).toBeGreaterThan(5);
    },
  };
}
