/** One request of a load: when it was sent and answered (milliseconds since 1970) and what came back. */
export interface Sample {
  readonly sent: number;
  readonly answered: number;
  /** HTTP status, or 0 when the connection failed. */
  readonly status: number;
}

export interface Load {
  readonly stop: () => Promise<readonly Sample[]>;
}

/** Asks `perSecond` times a second, whether or not the earlier answers have come, until it is stopped. */
export function startLoad(ask: () => Promise<number>, perSecond: number): Load {
  const samples: Sample[] = [];
  const pending = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const sent = Date.now();
    const one = ask()
      .catch(() => 0)
      .then((status) => {
        samples.push({ sent, answered: Date.now(), status });
        pending.delete(one);
      });
    pending.add(one);
  }, 1000 / perSecond);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      return samples;
    },
  };
}
