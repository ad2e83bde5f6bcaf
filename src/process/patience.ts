/** A limit for work that may have to wait for a person or a slow program. */
export interface Patience {
  /** From now on the work has this many milliseconds; undefined: as long as it takes. */
  readonly allow: (milliseconds: number | undefined) => void;
}

/**
 * The work's result. Rejects with the error from `late` when its time is up, and with the signal's reason when that is aborted. Does not wait until
 * the work has stopped. It begins with `milliseconds`.
 */
export async function withPatience<T>(
  milliseconds: number,
  signal: AbortSignal,
  late: () => Error,
  work: (patience: Patience) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let give: (error: unknown) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    give = reject;
  });
  const stop = (): void => give(signal.reason);
  const allow: Patience["allow"] = (limit) => {
    clearTimeout(timer);
    if (limit !== undefined) timer = setTimeout(() => give(late()), limit);
  };
  allow(milliseconds);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work({ allow }), over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
