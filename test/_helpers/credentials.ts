import type { Credentials } from "../../src/release/parts.ts";

/** Credentials of which nothing is known to end, unless `changes` says so. */
export function credentials(changes: Partial<Credentials> = {}): Credentials {
  return {
    secondsLeft: () => undefined,
    lasting: async () => undefined,
    isTemporary: () => false,
    renewal: () => "aws sso login --profile work",
    ...changes,
  };
}
