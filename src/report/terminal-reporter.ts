import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import ora from "ora";
import type { ReportEvent, Reporter } from "./events.ts";
import { duration, finishedLine, marks } from "./text.ts";

/**
 * A live line for a person at a terminal: what runs now, for how long, with finished steps left above it.
 * A question is given up with the reason of `aborted`.
 */
export function createTerminalReporter(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  aborted: AbortSignal,
): Reporter {
  const steps = new Map<
    string,
    { readonly title: string; readonly started: number; detail: string }
  >();
  // discardStdin would put the terminal in raw mode, where Ctrl-C no longer raises SIGINT.
  const spinner = ora({ stream: output, discardStdin: false, hideCursor: true });
  let ticker: NodeJS.Timeout | undefined;

  const draw = (): void => {
    const now = Date.now();
    spinner.text = [...steps.values()]
      .map((step) => {
        const detail = step.detail === "" ? "" : `: ${step.detail}`;
        return cut(
          `${step.title}${detail} (${duration((now - step.started) / 1000)})`,
          output.columns,
        );
      })
      .join("\n  ");
  };
  const stop = (): void => {
    clearInterval(ticker);
    ticker = undefined;
    spinner.stop();
  };
  const resume = (): void => {
    if (steps.size > 0) {
      draw();
      spinner.start();
      ticker ??= setInterval(draw, 500);
    }
  };
  const print = (text: string): void => {
    stop();
    output.write(`${text}\n`);
    resume();
  };

  const notify = (event: ReportEvent): void => {
    switch (event.type) {
      case "step-started":
        steps.set(event.step, { title: event.title, started: Date.now(), detail: "" });
        resume();
        return;
      case "step-progress": {
        const step = steps.get(event.step);
        if (step !== undefined) {
          step.detail = event.detail;
        }
        return;
      }
      case "step-finished": {
        const step = steps.get(event.step);
        steps.delete(event.step);
        if (step !== undefined) {
          print(
            finishedLine(
              step.title,
              event.outcome,
              event.detail,
              (Date.now() - step.started) / 1000,
            ),
          );
        }
        return;
      }
      case "note":
        print(`  ${event.text}`);
        return;
      case "warning":
        print(`${marks.warning} ${event.text}`);
    }
  };

  const ask = async (question: string): Promise<boolean> => {
    stop();
    const lines = createInterface({ input, output });
    // In raw mode Ctrl-C is only a character: readline tells of it, and nobody else would hear of it.
    lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    // Ctrl-D, or a terminal that is gone, is no answer; before Node 24 readline's own promise stays open for ever then.
    const closed = once(lines, "close").then(() => "");
    try {
      const typed = lines.question(`${question} [y/N] `, { signal: aborted }).catch(() => {
        output.write("\n");
        return "";
      });
      const answer = await Promise.race([typed, closed]);
      aborted.throwIfAborted();
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
      resume();
    }
  };

  return { notify, ask };
}

function cut(text: string, columns: number | undefined): string {
  const room = Math.max(20, (columns ?? 80) - 4);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
