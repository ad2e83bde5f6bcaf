import type { Price } from "./prices.ts";

/** USD to the cent. */
export function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/** The sum of what each costs, to the cent; null where one of the prices is not known. */
export function sumOf(...usd: readonly Price[]): Price {
  return usd.includes(null) ? null : cents(usd.reduce<number>((sum, one) => sum + (one ?? 0), 0));
}

/** So many of it; null where the price is not known. */
export function times(count: number, usd: Price): Price {
  return usd === null ? null : count * usd;
}

/** `1 alarm`, `2 alarms`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
