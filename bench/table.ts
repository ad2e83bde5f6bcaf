/** One line of a bench's table; numbers are printed with two digits after the point, whole ones without. */
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

export function summarise(values: readonly number[]): {
  readonly median: number;
  readonly min: number;
  readonly max: number;
} {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

function cell(value: string | number | undefined): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? value.toFixed(2)
    : String(value ?? "");
}
