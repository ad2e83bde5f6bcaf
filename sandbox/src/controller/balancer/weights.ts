export interface Weighted {
  readonly group: string;
  readonly weight: number;
}

/**
 * The backend of each of 100 slots; a request picks a slot at random. The largest-remainder method gives every group
 * its share to the nearest hundredth. When all weights are zero, every slot is `nowhere`, as on AWS.
 */
export function weightSlots(weights: readonly Weighted[], nowhere: string): string[] {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return Array.from({ length: slotCount }, () => nowhere);
  const shares = weights.map(({ group, weight }) => {
    const exact = (weight * slotCount) / total;
    return { group, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  const left = slotCount - shares.reduce((sum, { whole }) => sum + whole, 0);
  const favoured = new Set(shares.toSorted((one, other) => other.rest - one.rest).slice(0, left));
  return shares.flatMap((share) =>
    Array.from({ length: share.whole + (favoured.has(share) ? 1 : 0) }, () => share.group),
  );
}

export const slotCount = 100;
