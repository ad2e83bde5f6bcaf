import { readFile } from "node:fs/promises";

/** The ids of the processes that a process has started and that still run, theirs too, whose command line matches. */
export async function childrenOf(pid: number, command: RegExp): Promise<readonly number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const children = listed.split(" ").filter(Boolean).map(Number);
  const found = await Promise.all(
    children.map(async (child) => {
      const line = await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "");
      return [...(command.test(line) ? [child] : []), ...(await childrenOf(child, command))];
    }),
  );
  return found.flat();
}
