/** One line of a benchmark's table. Numbers are printed with two decimals, whole ones without; long texts are cut. */
export type Row = Readonly<Record<string, string | number>>;

/** Prints a table for people, then one JSON line for programs. */
export function printTable(name: string, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((line) => (line[index] ?? "").length)),
  );
  for (const line of cells) {
    process.stdout.write(
      `${line
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
  process.stdout.write(`${JSON.stringify({ bench: name, rows })}\n`);
}

/** The value below which this share (0 to 1) of the values is; NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function summarise(values: readonly number[]): {
  readonly median: number;
  readonly min: number;
  readonly max: number;
} {
  return { median: quantile(values, 0.5), min: quantile(values, 0), max: quantile(values, 1) };
}

function cell(value: string | number | undefined): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? value.toFixed(2)
    : shorten(String(value ?? ""));
}

/** The JSON line has all of it. */
function shorten(text: string): string {
  return text.length <= mostInCell ? text : `${text.slice(0, mostInCell - 1)}…`;
}

const mostInCell = 100;
