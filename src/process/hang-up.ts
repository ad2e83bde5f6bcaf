import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/**
 * Whether this process was told to survive a hang-up, as `nohup` and `trap '' HUP` do. Node resets every signal's disposition when it starts,
 * so only traces remain: the shell names the program that it started in `_`, nohup's output file, and the parent's own disposition.
 */
export function ignoresHangUp(
  { env, ppid }: Pick<NodeJS.Process, "env" | "ppid">,
  proc = "/proc",
): boolean {
  return (
    basename(env["_"] ?? "") === "nohup" ||
    [1, 2].some(
      (output) => basename(read(() => readlinkSync(`${proc}/self/fd/${output}`))) === "nohup.out",
    ) ||
    ignoresFirstSignal(read(() => readFileSync(`${proc}/${ppid}/status`, "utf8")))
  );
}

/** SIGHUP is signal 1, the last bit of the mask. */
function ignoresFirstSignal(status: string): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/im.exec(status)?.[1] ?? "0";
  return (BigInt(`0x${mask}`) & 1n) === 1n;
}

function read(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}
