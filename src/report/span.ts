import type { Reporter } from "./reporter.ts";

/** A step that is shown to the user. It has begun, and is finished exactly once. */
export interface OpenStep {
  readonly progress: (detail: string) => void;
  /** A second call changes nothing. `detail` is shown on the closing line. */
  readonly finish: (outcome: "done" | "skipped" | "failed", detail?: string) => void;
}

/** What the work inside a span may report about its step. */
export interface Span {
  readonly progress: (detail: string) => void;
  /** Sets the closing line's detail for when the work resolves. */
  readonly done: (detail: string) => void;
  /** The same, for a step that had nothing to do. */
  readonly skipped: (detail: string) => void;
}

/**
 * One step from its first line to its last: failed when the work throws, done otherwise, and never left open.
 * `step` is its stable id.
 */
export async function span<T>(
  reporter: Pick<Reporter, "notify">,
  step: string,
  title: string,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const open = beginStep(reporter, step, title);
  let closing: () => void = () => open.finish("done");
  try {
    const result = await work({
      progress: open.progress,
      done: (detail) => {
        closing = () => open.finish("done", detail);
      },
      skipped: (detail) => {
        closing = () => open.finish("skipped", detail);
      },
    });
    closing();
    return result;
  } catch (error) {
    open.finish("failed");
    throw error;
  }
}

/** For a step that begins and ends in different places, such as one of many in a loop. Prefer `span`. */
export function beginStep(
  reporter: Pick<Reporter, "notify">,
  step: string,
  title: string,
): OpenStep {
  let isOpen = true;
  reporter.notify({ type: "step-started", step, title });
  return {
    progress: (detail) => {
      reporter.notify({ type: "step-progress", step, detail });
    },
    finish: (outcome, detail) => {
      if (!isOpen) return;
      isOpen = false;
      reporter.notify({
        type: "step-finished",
        step,
        outcome,
        ...(detail === undefined ? {} : { detail }),
      });
    },
  };
}
