/** Texts that run through the model together: `first` and the `count - 1` after it. */
export interface Batch {
  readonly first: number;
  readonly count: number;
  /** Tokens of the longest text, which the others are padded to. */
  readonly longest: number;
}

/** Cuts texts, in their order, so that no batch has more than `maxTokens` tokens with its padding. */
export function cutBatches(lengths: readonly number[], maxTokens: number): readonly Batch[] {
  const batches: Batch[] = [];
  let first = 0;
  let longest = 0;
  for (const [index, length] of lengths.entries()) {
    const padded = Math.max(longest, length);
    if (index === first || (index - first + 1) * padded <= maxTokens) {
      longest = padded;
    } else {
      batches.push({ first, count: index - first, longest });
      first = index;
      longest = length;
    }
  }
  if (first < lengths.length) batches.push({ first, count: lengths.length - first, longest });
  return batches;
}
