import { clearScreenDown, moveCursor } from "node:readline";
import { createLogUpdate } from "log-update";
import stringWidth from "string-width";

/** A picture on a terminal that is drawn again and again in its own place. */
export interface Drawing {
  readonly draw: (lines: readonly string[]) => void;
  /** Takes the picture away and shows the cursor. The next output begins in its place. */
  readonly clear: () => void;
}

/** `output`: a terminal. */
export function createDrawing(output: NodeJS.WriteStream): Drawing {
  const log = createLogUpdate(output);
  let drawn: readonly string[] = [];
  let columns = output.columns;
  return {
    draw: (lines) => {
      if (drawn.length > 0 && output.columns !== columns) {
        erase(output, drawn, output.columns);
        log.done();
      }
      ({ columns } = output);
      drawn = lines;
      log(lines.join("\n"));
    },
    clear: () => {
      if (drawn.length === 0) return;
      if (output.columns === columns) log.clear();
      else erase(output, drawn, output.columns);
      log.done();
      drawn = [];
    },
  };
}

/**
 * Most terminals break lines again when their window gets narrower, so a picture then has more rows than were drawn. Rows that have left the
 * screen cannot be erased.
 */
function erase(output: NodeJS.WriteStream, lines: readonly string[], columns: number): void {
  const rows = lines.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)),
    0,
  );
  moveCursor(output, -columns, -Math.min(rows, Math.max(0, output.rows - 1)));
  clearScreenDown(output);
}
