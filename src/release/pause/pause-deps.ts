import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import type { AddressQuestion } from "../observe/address.ts";
import type { Barrier, Door, Fleet } from "../parts.ts";

/** What a pause, and its end, works with. */
export interface PauseDeps {
  readonly barrier: Barrier;
  readonly door: Pick<Door, "health" | "weights">;
  readonly fleet: Fleet;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, "notify">;
  /** Asks the address as users do: without the header that passes a pause. */
  readonly fetch: typeof fetch;
  readonly address: AddressQuestion;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** An unguessable value for the header that passes. */
  readonly newToken: () => string;
  /** USER@HOST, or the address of the CI run. */
  readonly who: string;
}

/** What users get. Undefined keeps what they get already, or takes the default. */
export interface Wish {
  readonly message: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}
