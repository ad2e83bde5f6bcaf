/** A text that waits for the model. */
export interface Waiting {
  /** Tokens, the special ones included. */
  readonly length: number;
  /** When it is due: lower is earlier. */
  readonly due: number;
}

/** The texts that wait for the model, in due order. Has no clock and no threads. */
export interface Batcher<Item extends Waiting> {
  readonly size: number;
  /** Tokens of all waiting texts. */
  readonly tokens: number;
  add(item: Item): void;
  /** False when it no longer waits. */
  remove(item: Item): boolean;
  /**
   * Removes and returns what runs next: the text that is due first and those that are cheaper in its batch, shortest first.
   * Undefined when nothing waits.
   */
  take(): readonly Item[] | undefined;
}

/** `maxTokens` bounds the tokens of a batch, including padding. A longer text runs alone. */
export function createBatcher<Item extends Waiting>(maxTokens: number): Batcher<Item> {
  const waiting: Item[] = [];
  let tokens = 0;
  return {
    get size() {
      return waiting.length;
    },
    get tokens() {
      return tokens;
    },
    add(item) {
      waiting.splice(findPlace(waiting, item.due), 0, item);
      tokens += item.length;
    },
    remove(item) {
      const index = waiting.indexOf(item);
      if (index < 0) return false;
      waiting.splice(index, 1);
      tokens -= item.length;
      return true;
    },
    take() {
      const [first] = waiting;
      if (first === undefined) return undefined;
      const batch = choose(waiting.slice(0, lookahead), first, maxTokens);
      const taken = new Set(batch);
      let kept = 0;
      for (const item of waiting) {
        if (taken.has(item)) tokens -= item.length;
        else waiting[kept++] = item;
      }
      waiting.length = kept;
      return batch;
    },
  };
}

/**
 * Grows a batch around the first text, always by the neighbour in length that needs less padding, while the padding costs less than
 * a separate run.
 */
function choose<Item extends Waiting>(
  candidates: readonly Item[],
  first: Item,
  maxTokens: number,
): readonly Item[] {
  const sorted = candidates.toSorted((one, other) => one.length - other.length);
  let from = sorted.indexOf(first);
  let to = from + 1;
  let longest = first.length;
  for (;;) {
    const shorter = sorted[from - 1];
    const longer = sorted[to];
    const count = to - from;
    const below = shorter === undefined ? Number.POSITIVE_INFINITY : longest - shorter.length;
    // A longer text pads all texts that are already in the batch.
    const above =
      longer === undefined ? Number.POSITIVE_INFINITY : count * (longer.length - longest);
    const isLonger = above < below;
    const grown = isLonger ? (longer?.length ?? longest) : longest;
    if (Math.min(above, below) > runTokens || (count + 1) * grown > maxTokens) {
      return sorted.slice(from, to);
    }
    longest = grown;
    if (isLonger) to += 1;
    else from -= 1;
  }
}

/** The place after everything that is due at the same time or earlier. */
function findPlace(waiting: readonly Waiting[], due: number): number {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle]?.due ?? 0) <= due) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The cost of starting a run, in tokens: 1.7 ms, when a token takes 0.23 ms. */
const runTokens = 8;

/** More candidates do not improve a batch, and sorting them would cost the HTTP thread time. */
const lookahead = 256;
