import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ReportEvent, Reporter } from "./reporter.ts";
import { createRunningSteps, runningText, type RunningStep } from "./running-steps.ts";
import { marks } from "./text.ts";

export interface LineReporterOptions {
  readonly write: (text: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back at this interval until the returned function is called. */
  readonly every: (milliseconds: number, callback: () => void) => () => void;
  readonly quiet: boolean;
  /** Why a question cannot be answered here. */
  readonly silence: string;
}

/**
 * Append-only lines for logs, pipes and CI. A step that is silent for 15 s gets a heartbeat line, because CI systems
 * kill silent jobs and people kill programs that look dead.
 */
export function createLineReporter(options: LineReporterOptions): Reporter {
  const steps = createRunningSteps(options.now);
  /** When each running step last had a line. */
  const lastLines = new Map<RunningStep, number>();
  let stopHeartbeat: (() => void) | undefined;
  const line = (text: string): void => {
    options.write(`${text}\n`);
  };

  const beat = (): void => {
    const now = options.now();
    for (const step of steps.all()) {
      if (now - (lastLines.get(step) ?? step.started) >= heartbeatMilliseconds) {
        lastLines.set(step, now);
        line(`${marks.running} ${runningText(step, now, " so far")}`);
      }
    }
  };

  const notify = (event: ReportEvent): void => {
    if (options.quiet && event.type !== "warning") {
      return;
    }
    const finished = steps.take(event);
    switch (event.type) {
      case "step-started":
        line(`${marks.running} ${event.title}`);
        stopHeartbeat ??= options.every(1000, beat);
        return;
      case "step-progress":
      case "resources-seen":
      case "service-seen":
      case "service-left":
        return;
      case "step-finished":
        if (finished !== undefined) line(finished);
        if (steps.all().length === 0) {
          stopHeartbeat?.();
          stopHeartbeat = undefined;
          lastLines.clear();
        }
        return;
      case "note":
        line(`  ${event.text}`);
        return;
      case "warning":
        line(`${marks.warning} ${event.text}`);
    }
  };

  const ask = (question: string, flag: string): Promise<boolean> =>
    Promise.reject(
      new CommandError(`This question needs an answer: "${question}", but ${options.silence}.`, {
        exitCode: exitCodes.usage,
        next: `add ${flag}`,
      }),
    );

  const askLine = (question: string): Promise<string | undefined> =>
    Promise.reject(
      new CommandError(
        `This question needs an answer: "${question.trim()}", but ${options.silence}.`,
        {
          exitCode: exitCodes.usage,
          next: "run the command at a terminal",
        },
      ),
    );

  return { notify, ask, askLine };
}

const heartbeatMilliseconds = 15_000;
