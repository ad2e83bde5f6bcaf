import type { Clock } from "../../src/process/clock.ts";

export interface FakeClock extends Clock {
  /** Milliseconds of every sleep that came to its end, in order. */
  readonly slept: readonly number[];
}

/**
 * A clock that never waits. Time passes only in a sleep, and all of it at once: a sleep lets what is on its way arrive first, as any real one
 * would, then it is that much later. One that is aborted meanwhile takes no time. Two sleeps side by side end together, at the later time.
 * `during` is what happens while time passes; it is awaited.
 */
export function fakeClock(
  start = "2026-01-01T00:02:05.000Z",
  during: () => unknown = () => {},
): FakeClock {
  let now = Date.parse(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(now),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      const end = now + milliseconds;
      await arrivals();
      signal?.throwIfAborted();
      slept.push(milliseconds);
      now = Math.max(now, end);
      await during();
      signal?.throwIfAborted();
    },
  };
}

/** One turn of the event loop: every promise that can be settled without waiting is settled after it. */
async function arrivals(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
