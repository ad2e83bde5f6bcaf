/** Seconds of a duration such as `500ms`, `5s`, `2m` or `1h`; null when it is not one. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  if (match === null) return null;
  const [, count, unit] = match;
  const milliseconds = unitMilliseconds[unit ?? ""];
  if (count === undefined || milliseconds === undefined) return null;
  return (Number(count) * milliseconds) / 1000;
}

/** Seconds of a duration that the schema has accepted. Throws Error for any other text. */
export function secondsOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null) throw new Error(`The schema accepted the duration ${text}.`);
  return seconds;
}

/** Spelled as in the file, in the largest unit that keeps the number whole. `seconds` must be whole milliseconds. */
export function formatDuration(seconds: number): string {
  if (!Number.isInteger(seconds)) return `${Math.round(seconds * 1000)}ms`;
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Nine digits keep every duration an exact number of milliseconds. */
export const durationPattern = /^([0-9]{1,9})(ms|s|m|h)$/;

const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
