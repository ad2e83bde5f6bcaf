/**
 * Callers who just got an answer often send the next request at once, and one run for them and the waiting texts costs less than two.
 * This learns whether they do. Where they do not, no run waits for them. Has no effects apart from the clock that it is given.
 */
export interface Gathering {
  /** Answers to this many texts were sent, after a run that took this long. */
  answered(texts: number, milliseconds: number): void;
  /** A text has come that must run. */
  arrived(): void;
  /** Milliseconds that the next run should still wait; 0 when it should begin. */
  left(): number;
}

/** `now` in milliseconds. */
export function createGathering(now: () => number): Gathering {
  let owed = 0;
  let until = 0;
  let trust = 1;
  let distrusted = 0;

  function end(isPaid: boolean): void {
    owed = 0;
    trust += ((isPaid ? 1 : 0) - trust) * learning;
  }

  return {
    answered(texts, milliseconds) {
      if (trust < leastTrust && (distrusted += 1) % probing !== 0) return;
      owed = texts;
      until = now() + Math.min(mostMilliseconds, milliseconds * mostOfRun);
    },
    arrived() {
      if (owed === 0) return;
      if (now() > until) {
        end(false);
        return;
      }
      owed -= 1;
      if (owed === 0) end(true);
    },
    left() {
      if (owed === 0) return 0;
      const milliseconds = until - now();
      if (milliseconds > 0) return milliseconds;
      end(false);
      return 0;
    },
  };
}

/** About the cost of starting a run, and the time in which thirty callers on the same network get their answers and ask again. */
const mostMilliseconds = 5;
const mostOfRun = 0.25;

const leastTrust = 0.5;
const learning = 0.1;
/** It is still tried once in this many times, to learn when it pays off again. */
const probing = 16;
