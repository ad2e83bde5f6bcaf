import type { ReportEvent } from "./reporter.ts";
import { durationText, finishedLine } from "./text.ts";

/** A step that has begun and is not finished. */
export interface RunningStep {
  readonly id: string;
  readonly title: string;
  /** Milliseconds. */
  readonly started: number;
  detail: string;
}

/** The steps that are running, in the order in which they began. */
export interface RunningSteps {
  readonly all: () => readonly RunningStep[];
  /** Takes note of an event. The closing line of a step that was running; undefined for every other event. */
  readonly take: (event: ReportEvent) => string | undefined;
}

/** `now`: milliseconds. */
export function createRunningSteps(now: () => number): RunningSteps {
  const steps = new Map<string, RunningStep>();
  return {
    all: () => [...steps.values()],
    take: (event) => {
      switch (event.type) {
        case "step-started":
          steps.set(event.step, { id: event.step, title: event.title, detail: "", started: now() });
          return undefined;
        case "step-progress": {
          const step = steps.get(event.step);
          if (step !== undefined) step.detail = event.detail;
          return undefined;
        }
        case "step-finished": {
          const step = steps.get(event.step);
          steps.delete(event.step);
          return step === undefined
            ? undefined
            : finishedLine(step.title, event.outcome, event.detail, (now() - step.started) / 1000);
        }
        default:
          return undefined;
      }
    },
  };
}

/** Such as "Push the image: layer 3 (4.2 s)". `suffix` follows the time. */
export function runningText(step: RunningStep, now: number, suffix = ""): string {
  const detail = step.detail === "" ? "" : `: ${step.detail}`;
  return `${step.title}${detail} (${durationText((now - step.started) / 1000)}${suffix})`;
}
