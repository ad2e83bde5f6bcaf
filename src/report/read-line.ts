import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

/** The line that was typed; undefined when the input was closed, for example by Ctrl-D. Rejects with the reason of `aborted`. */
export async function readLine(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  question: string,
  aborted: AbortSignal,
): Promise<string | undefined> {
  aborted.throwIfAborted();
  // Without raw mode: there Ctrl-C is a character, not a signal, and a closed terminal cannot leave that mode.
  const lines = createInterface({ input, output, terminal: false });
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
    lines.once("close", resolve);
    // Reading from a closed terminal fails with EIO.
    input.once("error", close);
    aborted.addEventListener("abort", close, { once: true });
  });
  let line: string | undefined;
  try {
    line = await Promise.race([
      new Promise<string>((resolve) => {
        lines.question(question, resolve);
      }),
      // A closed terminal's signal comes a moment after its last read.
      closed.then(() => wait(hangUpMilliseconds, undefined, { signal: aborted })),
    ]);
    return line;
  } catch (error) {
    throw aborted.aborted ? aborted.reason : error;
  } finally {
    lines.close();
    aborted.removeEventListener("abort", close);
    // Enter was not pressed, so the next output needs a new line.
    if (line === undefined) output.write("\n");
  }
}

const hangUpMilliseconds = 100;
