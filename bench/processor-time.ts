import { readFile } from "node:fs/promises";

/** The processor time of a process so far, in hundredths of a second, which are Linux's clock ticks (proc_pid_stat(5)). Throws when there is no such process. */
export async function ticksOf(pid: number | string | null | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name of the program, in parentheses, may have spaces; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
