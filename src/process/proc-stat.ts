/** What Linux reports about a process in /proc/PID/stat (proc_pid_stat(5)). */
export interface ProcStat {
  /** Its start, in clock ticks after boot. Together with the number it identifies the process until the next boot. */
  readonly start: string;
  /** It has ended and only waits for its parent to read the exit code. */
  readonly ended: boolean;
}

/** Undefined when the text is not such a file. */
export function parseProcStat(text: string): ProcStat | undefined {
  // The program's name is in brackets and may itself contain brackets, spaces and line breaks.
  const fields = text
    .slice(text.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
  const state = fields[0] ?? "";
  const start = fields[startField - stateField] ?? "";
  if (!/^[A-Za-z]$/.test(state) || !/^\d+$/.test(start)) return undefined;
  return { start, ended: /[ZXx]/.test(state) };
}

/** Numbered from 1, as in the manual page. */
const stateField = 3;
const startField = 22;
