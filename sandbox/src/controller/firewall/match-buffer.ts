import type { MatchedRequest } from "./match-line.ts";

/** Matched requests that are not reported yet; the oldest are dropped when too many wait. */
export class MatchBuffer {
  readonly #waiting: MatchedRequest[] = [];
  readonly #most: number;

  constructor(most = 5000) {
    this.#most = most;
  }

  add(request: MatchedRequest): void {
    this.#waiting.push(request);
    if (this.#waiting.length > this.#most) this.#waiting.shift();
  }

  waiting(): readonly MatchedRequest[] {
    return [...this.#waiting];
  }

  /** Removes requests that `waiting` returned and that are reported. */
  reported(requests: readonly MatchedRequest[]): void {
    const done = new Set(requests);
    const rest = this.#waiting.filter((request) => !done.has(request));
    this.#waiting.splice(0, this.#waiting.length, ...rest);
  }
}
