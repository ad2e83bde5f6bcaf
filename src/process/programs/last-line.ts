/** The last line of a program's output that is not empty, without the pointer to the help that newer Docker clients print. */
export function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !/^Run 'docker .*--help'/.test(line)) ?? "";
}
