import type { InFlight } from "../events/terraform-events.ts";

export interface Moment {
  readonly inFlight: readonly InFlight[];
  /** When something last started or ended. */
  readonly changed: number;
  /** Milliseconds since 1970, like the other times. */
  readonly now: number;
}

/**
 * Whether terraform can be interrupted without losing track of a resource. On an interrupt the AWS provider abandons
 * its current call, and a creation that has no id yet leaves a resource that is in no state. Most resources get their
 * id with the first answer, within a second; launch templates after a wait of 5 s (measured with provider 5.100). A
 * creation that is older than `settled` milliseconds has its id. When a resource ends, the ones that depend on it start
 * before we hear of them, so nothing may have changed for a quarter of that time either.
 */
export function isSafePoint({ inFlight, changed, now }: Moment, settled: number): boolean {
  const isQuiet = now - changed >= settled / 4;
  return (
    isQuiet &&
    inFlight.every(({ action, since }) => !creating.has(action) || now - since >= settled)
  );
}

const creating: ReadonlySet<string> = new Set(["create", "replace"]);
