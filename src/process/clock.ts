import { setTimeout as wait } from "node:timers/promises";

export interface Clock {
  readonly now: () => Date;
  /** Rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(
      (error: unknown) => {
        throw signal?.aborted === true ? signal.reason : error;
      },
    );
  },
};
