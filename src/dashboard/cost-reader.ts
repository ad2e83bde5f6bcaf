import { describeLine } from "../errors/describe.ts";
import type { PageCost } from "./page-document.ts";

export interface Costs {
  /** Null until the first answer. */
  readonly cost: PageCost | null;
  readonly warnings: readonly string[];
}

/**
 * Reads the costs once an hour, and gives at once what is known: a look at the stack does not wait for prices, which may take seconds. While
 * they cannot be read, the last ones stay. `now`: seconds since 1970.
 */
export function createCostReader(read: () => Promise<PageCost>): (now: number) => Costs {
  let costs: Costs = { cost: null, warnings: [] };
  let asked = Number.NEGATIVE_INFINITY;
  return (now) => {
    if (now - asked >= pauseSeconds) {
      asked = now;
      read().then(
        (cost) => (costs = { cost, warnings: [] }),
        (error: unknown) => {
          const text = `the cost could not be estimated: ${describeLine(error)}`;
          costs = { ...costs, warnings: [text] };
        },
      );
    }
    return costs;
  };
}

const pauseSeconds = 3600;
