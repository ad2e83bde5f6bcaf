import type { ControllerLog } from "./controller-log.ts";

/** The controller's chores, such as publishing metrics. Each may fail without the others, and may have its own interval. */
export interface Chores {
  /** Runs a chore. Records a failure, does not throw, and returns undefined instead. */
  readonly attempt: <T>(name: string, work: () => Promise<T>) => Promise<T | undefined>;
  /** Runs a chore unless it last ran less than `everyMilliseconds` ago. */
  readonly every: (
    everyMilliseconds: number,
    name: string,
    work: () => Promise<void>,
  ) => Promise<void>;
  /** Chore -> why its last run failed. */
  readonly failing: () => Record<string, string>;
}

export function createChores(log: ControllerLog, now: () => number): Chores {
  const failures = new Map<string, string>();
  const lastRuns = new Map<string, number>();
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work();
      if (failures.delete(name)) log.info("recovered", { chore: name });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // The same failure recurs twice a second; log it once.
      if (failures.get(name) !== reason) log.error(name, error);
      failures.set(name, reason);
      return undefined;
    }
  };
  return {
    attempt,
    every: async (everyMilliseconds, name, work) => {
      if (now() - (lastRuns.get(name) ?? Number.NEGATIVE_INFINITY) < everyMilliseconds) return;
      lastRuns.set(name, now());
      await attempt(name, work);
    },
    failing: () => Object.fromEntries(failures),
  };
}
