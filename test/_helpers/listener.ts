import type { ReportEvent, Reporter } from "../../src/report/reporter.ts";

export interface Listener extends Reporter {
  readonly events: readonly ReportEvent[];
  readonly warnings: () => readonly string[];
  /** Steps in the order of their events: `+ id` where one began, `- id outcome` where it ended. */
  readonly steps: () => readonly string[];
}

/** Keeps what is reported; answers every question with `answer`. */
export function listener(answer = false): Listener {
  const events: ReportEvent[] = [];
  return {
    events,
    warnings: () => events.flatMap((event) => (event.type === "warning" ? [event.text] : [])),
    steps: () => events.flatMap(stepText),
    notify: (event) => void events.push(event),
    ask: async () => Promise.resolve(answer),
    askLine: async () => undefined,
  };
}

function stepText(event: ReportEvent): readonly string[] {
  switch (event.type) {
    case "step-started":
      return [`+ ${event.step}`];
    case "step-finished":
      return [`- ${event.step} ${event.outcome}`];
    default:
      return [];
  }
}
