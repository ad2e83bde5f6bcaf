import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import ora from "ora";
import { safeText } from "../errors/safe-text.ts";
import type { ReportEvent, Reporter } from "./reporter.ts";
import { createRunningSteps, runningText } from "./running-steps.ts";
import { marks } from "./text.ts";

/**
 * A live line for a person at a terminal: what runs now and for how long. Finished steps stay above it.
 * A question that is open when `aborted` fires rejects with its reason.
 */
export function createTerminalReporter(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  aborted: AbortSignal,
): Reporter {
  const steps = createRunningSteps(Date.now);
  // discardStdin would put the terminal in raw mode, where Ctrl-C no longer raises SIGINT.
  const spinner = ora({ stream: output, discardStdin: false, hideCursor: true });
  let ticker: NodeJS.Timeout | undefined;

  const draw = (): void => {
    const now = Date.now();
    spinner.text = steps
      .all()
      .map((step) => cut(safeText(runningText(step, now)), output.columns))
      .join("\n  ");
  };
  const stop = (): void => {
    clearInterval(ticker);
    ticker = undefined;
    spinner.stop();
  };
  const resume = (): void => {
    if (steps.all().length > 0) {
      draw();
      spinner.start();
      ticker ??= setInterval(draw, 500);
    }
  };
  const print = (text: string): void => {
    stop();
    output.write(`${safeText(text)}\n`);
    resume();
  };

  const notify = (event: ReportEvent): void => {
    const finished = steps.take(event);
    switch (event.type) {
      case "step-started":
        resume();
        return;
      case "step-progress":
        return;
      case "step-finished":
        if (finished !== undefined) print(finished);
        return;
      case "note":
        print(`  ${event.text}`);
        return;
      case "warning":
        print(`${marks.warning} ${event.text}`);
    }
  };

  const askLine = async (question: string): Promise<string | undefined> => {
    stop();
    return readLine(input, output, safeText(question), aborted).finally(resume);
  };

  const ask = async (question: string): Promise<boolean> => {
    const answer = await askLine(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer?.trim() ?? "");
  };

  return { notify, ask, askLine };
}

/** The line that was typed; undefined when the input was closed, for example by Ctrl-D. Rejects with the reason of `aborted`. */
async function readLine(
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

function cut(text: string, columns: number | undefined): string {
  const room = Math.max(20, (columns ?? 80) - 4);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

const hangUpMilliseconds = 100;
