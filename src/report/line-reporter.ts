import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ReportEvent, Reporter } from "./events.ts";
import { duration, finishedLine, marks } from "./text.ts";

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
  const steps = new Map<string, RunningStep>();
  let stopHeartbeat: (() => void) | undefined;
  const line = (text: string): void => {
    options.write(`${text}\n`);
  };

  const beat = (): void => {
    const now = options.now();
    for (const step of steps.values()) {
      if (now - step.lastLine >= heartbeatMilliseconds) {
        step.lastLine = now;
        const detail = step.detail === "" ? "" : `: ${step.detail}`;
        line(
          `${marks.running} ${step.title}${detail} (${duration((now - step.started) / 1000)} so far)`,
        );
      }
    }
  };

  const notify = (event: ReportEvent): void => {
    if (options.quiet && event.type !== "warning") {
      return;
    }
    const now = options.now();
    switch (event.type) {
      case "step-started":
        steps.set(event.step, { title: event.title, detail: "", started: now, lastLine: now });
        line(`${marks.running} ${event.title}`);
        stopHeartbeat ??= options.every(1000, beat);
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
          line(finishedLine(step.title, event.outcome, event.detail, (now - step.started) / 1000));
        }
        if (steps.size === 0) {
          stopHeartbeat?.();
          stopHeartbeat = undefined;
        }
        return;
      }
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

  return { notify, ask };
}

interface RunningStep {
  readonly title: string;
  readonly started: number;
  detail: string;
  lastLine: number;
}

const heartbeatMilliseconds = 15_000;
