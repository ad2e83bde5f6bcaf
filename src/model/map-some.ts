/** Maps a list with a few calls at a time, in its order. The first error ends it. */
export async function mapSome<T, R>(
  list: readonly T[],
  work: (item: T) => Promise<R>,
  atOnce = 16,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let index = 0; index < list.length; index += atOnce) {
    results.push(...(await Promise.all(list.slice(index, index + atOnce).map(work))));
  }
  return results;
}
