/** How often to report that work continues, and how long to wait before stopping, in milliseconds. */
export interface Patience {
  /** After terraform has been silent for this long. */
  readonly silence: number;
  /** While terraform finishes what is in flight after an interrupt. */
  readonly stopping: number;
  /** Age at which a creation can be interrupted: see isSafePoint. */
  readonly settled: number;
}

export interface Heartbeat {
  /** Terraform printed something. */
  touch(): void;
  stopping(): void;
  end(): void;
}

/** Calls `beat` with the seconds of silence. AWS's throttling can keep terraform quiet for minutes. */
export function createHeartbeat(pace: Patience, beat: (silentSeconds: number) => void): Heartbeat {
  let heard = Date.now();
  const say = (): void => beat(Math.round((Date.now() - heard) / 1000));
  let timer = setInterval(say, pace.silence);
  let isStopping = false;
  const restart = (every: number): void => {
    clearInterval(timer);
    timer = setInterval(say, every);
  };
  return {
    touch: () => {
      heard = Date.now();
      if (!isStopping) restart(pace.silence);
    },
    stopping: () => {
      isStopping = true;
      restart(pace.stopping);
    },
    end: () => clearInterval(timer),
  };
}

export const usualPace: Patience = { silence: 15_000, stopping: 10_000, settled: 8000 };
