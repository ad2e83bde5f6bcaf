/** Seconds of a duration such as `500ms`, `5s`, `2m` or `1h`; null when it is not one. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  if (match === null) return null;
  const [, count, unit] = match;
  const milliseconds = unitMilliseconds[unit ?? ""];
  if (count === undefined || milliseconds === undefined) return null;
  return (Number(count) * milliseconds) / 1000;
}

/** Nine digits keep every duration an exact number of milliseconds. */
export const durationPattern = /^([0-9]{1,9})(ms|s|m|h)$/;

const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
