import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Where the driver keeps what is its own: below terraform's data folder, which nobody commits and anybody may
 * delete.
 */
export function privatePath(folder: string, name: string): string {
  return join(folder, ".terraform", "infer-deploy", name);
}

/** The lines of the last apply in the folder; empty when there was none. */
export async function readApplyLogFile(folder: string): Promise<string> {
  return readFile(privatePath(folder, "apply.log"), "utf8").catch(() => "");
}
