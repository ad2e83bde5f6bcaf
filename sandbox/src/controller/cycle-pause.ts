export interface CyclePause {
  /** Waits until the next cycle is due, counted from `began` (milliseconds since 1970). */
  readonly until: (began: number, seen: unknown) => Promise<void>;
  /** Ends the wait now. */
  readonly wake: () => void;
}

/** The pause between two cycles: short while things change, longer after some time without a change, because each cycle loads the emulator. */
export function createCyclePause(): CyclePause {
  let last = "";
  let changedAt = Date.now();
  let wake = () => undefined as void;
  return {
    wake: () => wake(),
    until: (began, seen) => {
      const text = JSON.stringify(seen) ?? "";
      if (text !== last) changedAt = Date.now();
      last = text;
      const period =
        Date.now() - changedAt > quietMilliseconds ? idleMilliseconds : busyMilliseconds;
      return new Promise((resolve) => {
        const timer = setTimeout(
          resolve,
          Math.max(leastMilliseconds, period - (Date.now() - began)),
        );
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}

const busyMilliseconds = 400;
const idleMilliseconds = 1000;
const quietMilliseconds = 20_000;
const leastMilliseconds = 50;
