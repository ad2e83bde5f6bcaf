/** How the vectors of a text's tokens become one: their mean, or the first one. */
export type Pooling = "mean" | "cls";

/** The mean of the first `count` rows, made one of length 1 and written to `into`. A row has as many numbers as `into`; further rows are padding. */
export function pool(rows: Float32Array, count: number, into: Float32Array): void {
  const size = into.length;
  // Summed in 64 bits: the sum's rounding would otherwise be the largest error of the whole answer.
  const sums = new Float64Array(size);
  for (let row = 0; row < count; row += 1) {
    const start = row * size;
    for (let column = 0; column < size; column += 1) {
      sums[column] = (sums[column] ?? 0) + (rows[start + column] ?? 0);
    }
  }
  // No division by the number of rows, because the length becomes 1.
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  const norm = Math.sqrt(squares) || 1;
  for (let column = 0; column < size; column += 1) into[column] = (sums[column] ?? 0) / norm;
}
