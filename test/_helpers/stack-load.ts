import { startLoad } from "./load.ts";
import type { Stack } from "./sandbox-stack.ts";

export interface StackLoad {
  /** "STATUS BODY" of each answer so far. */
  readonly answers: readonly string[];
  /** Resolves to all of them when everything that was asked is answered. */
  readonly stop: () => Promise<readonly string[]>;
}

/** Asks the address forty times a second and keeps what was answered. */
export function askOften(stack: Stack): StackLoad {
  const answers: string[] = [];
  const load = startLoad(async () => {
    const { status, text } = await ask(stack, {});
    answers.push(text);
    return { status };
  }, 40);
  return { answers, stop: () => load.stop().then(() => answers) };
}

/** Asks over eight connections, each again as soon as it is answered: no moment goes by without a request. */
export function askWithoutPause(
  stack: Stack,
  headers: Readonly<Record<string, string>>,
): StackLoad {
  const answers: string[] = [];
  const ending = new AbortController();
  const asking = Array.from({ length: 8 }, async () => {
    while (!ending.signal.aborted) answers.push((await ask(stack, headers)).text);
  });
  return {
    answers,
    stop: async () => {
      ending.abort();
      await Promise.all(asking);
      return answers;
    },
  };
}

async function ask(
  stack: Stack,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const { status, body } = await stack.answer("", headers).catch((error: unknown) => ({
    status: 0,
    body: String(error),
  }));
  return { status, text: `${status} ${body}` };
}
