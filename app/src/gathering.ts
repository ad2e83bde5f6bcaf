/**
 * Those whose answers have just gone out often ask again within a moment, and one run of the model for them and for those who wait already
 * costs less than two. Whether they do is learnt: where they do not, nobody waits for them. Pure bookkeeping, but for the clock it is given.
 */
export interface Gathering {
  /** Answers to so many texts went out, after a run of so many milliseconds. */
  answered(texts: number, milliseconds: number): void;
  /** A text came that has to run. */
  arrived(): void;
  /** Milliseconds for which the next run is still better put off; 0 when it should begin. */
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

/** What starting a run costs, about; and in what thirty callers on the same network have their answers and ask again. */
const mostMilliseconds = 5;
const mostOfRun = 0.25;

const leastTrust = 0.5;
const learning = 0.1;
/** One time in so many it is tried all the same, to learn when it has become worth while again. */
const probing = 16;
