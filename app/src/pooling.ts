/**
 * The mean of the first `length` rows of a text's `size` numbers each, of length 1, written to `into`.
 * Rows after those are padding.
 */
export function poolMean(
  rows: Float32Array,
  length: number,
  size: number,
  into: Float32Array,
): void {
  // Summed in 64 bits: the sum's rounding would otherwise be the largest error of the whole answer.
  const sums = new Float64Array(size);
  for (let row = 0; row < length; row += 1) {
    for (let column = 0; column < size; column += 1) {
      sums[column] = (sums[column] ?? 0) + (rows[row * size + column] ?? 0);
    }
  }
  // The division by the number of rows falls away, since the length becomes 1.
  const norm = Math.hypot(...sums) || 1;
  for (let column = 0; column < size; column += 1) into[column] = (sums[column] ?? 0) / norm;
}
