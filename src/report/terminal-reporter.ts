import { safeText } from "../errors/safe-text.ts";
import { createLiveArea } from "./live-area.ts";
import { plainMarks } from "./panel/ascii.ts";
import { emptyPanel, reducePanel } from "./panel/model.ts";
import { isUtf8 } from "./panel/screen.ts";
import { readLine } from "./read-line.ts";
import type { ReportEvent, Reporter } from "./reporter.ts";
import { createRunningSteps } from "./running-steps.ts";
import { marks } from "./text.ts";

/** A reporter whose last lines change. */
export interface TerminalReporter extends Reporter {
  /** Prints a line above what is drawn. */
  readonly print: (text: string) => void;
  /** Clears what is drawn and draws nothing more, because something else prints now. */
  readonly end: () => void;
}

export interface TerminalReporterOptions {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A question that is open when this fires rejects with its reason. */
  readonly aborted: AbortSignal;
}

/**
 * A live picture for a person at a terminal: a line of what runs now and for how long, or a panel where the work reports what can be drawn.
 * Finished steps stay above it.
 */
export function createTerminalReporter(options: TerminalReporterOptions): TerminalReporter {
  const { input, output, env, aborted } = options;
  const steps = createRunningSteps(Date.now);
  const live = createLiveArea(output, env);
  let model = emptyPanel;
  const draw = (): void => live.show({ steps: steps.all(), model });
  const shown = (text: string): string => {
    const safe = safeText(text);
    return isUtf8(env) ? safe : plainMarks(safe);
  };
  const print = (text: string): void => {
    live.clear();
    output.write(`${shown(text)}\n`);
    draw();
  };

  const notify = (event: ReportEvent): void => {
    const finished = steps.take(event);
    model = reducePanel(model, event);
    switch (event.type) {
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
        return;
      default:
        draw();
    }
  };

  const askLine = async (question: string): Promise<string | undefined> => {
    live.clear();
    return readLine(input, output, shown(question), aborted).finally(draw);
  };

  const ask = async (question: string): Promise<boolean> => {
    const answer = await askLine(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer?.trim() ?? "");
  };

  return { notify, ask, askLine, print, end: live.end };
}
