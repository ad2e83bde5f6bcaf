/** A sentence about the last day on which the stack is wanted; undefined more than a week before it, and without one. */
export function expiryText(expires: string | null, now: Date): string | undefined {
  if (expires === null) return undefined;
  const today = Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  const days = Math.round((Date.parse(`${expires}T00:00:00Z`) - today) / dayMilliseconds);
  if (days > noticeDays) return undefined;
  const next =
    "infer-deploy destroy removes the stack, a later `expires` in infer-deploy.yml keeps it";
  if (days < 0) return `EXPIRED on ${expires}, ${dayText(-days)} ago: ${next}`;
  return `expires on ${expires}, ${days === 0 ? "today" : `in ${dayText(days)}`}: ${next}`;
}

/** The line of `status`. */
export function expiryLines(
  { expires }: { readonly expires: string | null },
  now: Date,
): readonly string[] {
  const text = expiryText(expires, now);
  return text === undefined ? [] : [`  expiry    ${text}`];
}

function dayText(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

const noticeDays = 7;
const dayMilliseconds = 86_400_000;
