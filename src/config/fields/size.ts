/** Megabytes of a number, which counts them, or of a text such as `512mb` or `1gb`; null when it is neither. */
export function parseSize(value: string | number): number | null {
  if (typeof value === "number") return value;
  const match = sizePattern.exec(value);
  if (match === null) return null;
  const [, count, unit = ""] = match;
  return Number(count) * (unit.toLowerCase() === "gb" ? megabytesInGigabyte : 1);
}

/** Megabytes of a size that the schema has accepted. Throws Error for anything else. */
export function megabytesOf(value: string | number): number {
  const megabytes = parseSize(value);
  if (megabytes === null) throw new Error(`The schema accepted the size ${value}.`);
  return megabytes;
}

/** Seven digits of gigabytes are an exact number of megabytes. */
export const sizePattern = /^([1-9][0-9]{0,6})(mb|gb|MB|GB)$/;

/** As Docker counts. */
export const megabytesInGigabyte = 1024;
