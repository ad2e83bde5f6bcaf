import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The driver's own files are in terraform's data folder, which is never committed and may be deleted at any time.
 */
export function privatePath(folder: string, name: string): string {
  return join(folder, ".terraform", "infer-deploy", name);
}

/** The lines of the last apply in the folder; empty when there was none. */
export async function readApplyLogFile(folder: string): Promise<string> {
  return readFile(privatePath(folder, "apply.log"), "utf8").catch(() => "");
}
