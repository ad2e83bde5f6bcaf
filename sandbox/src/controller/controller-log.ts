import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

export interface ControllerLog {
  readonly info: (message: string, facts?: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, error: unknown) => void;
}

/** JSON lines in controller.log. At `limit` bytes the file becomes controller.log.1, so that both together stay below twice the limit. */
export function openLog(folder: string, limit = 2_000_000): ControllerLog {
  const path = join(folder, "controller.log");
  let size = sizeOf(path);
  const write = (level: string, message: string, facts: object) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`;
    try {
      if (size + line.length > limit) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line);
      size += line.length;
    } catch {
      // `sandbox stop` is deleting the folder, so no one reads the line.
    }
  };
  return {
    info: (message, facts = {}) => write("info", message, facts),
    error: (message, error) =>
      write("error", message, { error: error instanceof Error ? error.message : String(error) }),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
