/** The last line of a program's output with something to say: newer Docker clients end with a pointer to their help. */
export function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !/^Run 'docker .*--help'/.test(line)) ?? "";
}
