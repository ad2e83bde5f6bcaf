import type { InFlight } from "../events/events.ts";

export interface Moment {
  readonly inFlight: readonly InFlight[];
  /** When something last started or ended. */
  readonly changed: number;
  /** Milliseconds since 1970, as the other times. */
  readonly now: number;
}

/**
 * Whether terraform can be told to stop without losing track of something. The AWS provider then gives up what it is
 * doing, and a creation that has no id yet leaves a resource that no state knows. Most get their id with the first
 * answer, within a second; launch templates after a wait of 5 s (measured with provider 5.100). What is older than
 * `settled` milliseconds has its id, and waits for the resource to be ready. Just after something ended, what depends
 * on it starts, unheard yet: so nothing may have changed for a quarter of that time either.
 */
export function isSafePoint({ inFlight, changed, now }: Moment, settled: number): boolean {
  const isQuiet = now - changed >= settled / 4;
  return (
    isQuiet &&
    inFlight.every(({ action, since }) => !creating.has(action) || now - since >= settled)
  );
}

const creating: ReadonlySet<string> = new Set(["create", "replace"]);
