import xterm from "@xterm/headless";
import type { Terminal } from "./pty.ts";

/** What a person sees on a terminal, from a real terminal emulator. */
export interface Screen {
  /** The rows of the window, without blanks at their ends and without empty rows below the last one. */
  rows(): Promise<readonly string[]>;
  /** The same, with all rows that have left the window above them. */
  everything(): Promise<readonly string[]>;
  /** Resolves with the first rows that match; rejects when the program ends before that, or when it does not come in time. */
  waitFor(pattern: RegExp): Promise<readonly string[]>;
  /** Changes the window's size, for the program and for the emulator. */
  resize(columns: number, rows: number): Promise<void>;
  /** Whether the cursor can be seen. */
  hasCursor(): Promise<boolean>;
  /** The modes that a program has switched on and not off: the alternate screen, mouse reports, and the like. */
  modesLeft(): Promise<readonly string[]>;
  /** The cursor's column, from 0. */
  cursorColumn(): Promise<number>;
  /** Whether any cell in the window has a colour. */
  hasColour(): Promise<boolean>;
}

/** `patience`: how long `waitFor` waits, in milliseconds. */
export function watchScreen(
  terminal: Terminal,
  [columns, rows]: readonly [number, number],
  patience = 30_000,
): Screen {
  const emulator = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 5000,
    allowProposedApi: true,
  });
  let isHidden = false;
  for (const [final, hidden] of [
    ["h", false],
    ["l", true],
  ] as const) {
    emulator.parser.registerCsiHandler({ prefix: "?", final }, (parameters) => {
      if (parameters.includes(25)) isHidden = hidden;
      return false;
    });
  }
  terminal.follow((chunk) => emulator.write(chunk));
  /** What was written is interpreted in the order in which it came. */
  const settled = async (): Promise<void> =>
    new Promise((resolve) => {
      emulator.write("", resolve);
    });
  const read = (from: number): readonly string[] => {
    const buffer = emulator.buffer.active;
    const lines: string[] = [];
    for (let index = from; index < buffer.length; index += 1) {
      lines.push(buffer.getLine(index)?.translateToString(true) ?? "");
    }
    while (lines.at(-1) === "") lines.pop();
    return lines;
  };
  const visible = (): readonly string[] => read(emulator.buffer.active.baseY);
  return {
    rows: async () => settled().then(visible),
    everything: async () => settled().then(() => read(0)),
    waitFor: async (pattern) => {
      const deadline = Date.now() + patience;
      let isOver = false;
      void terminal.ended.then(() => (isOver = true));
      for (;;) {
        const wasOver = isOver || Date.now() > deadline;
        await settled();
        const seen = visible();
        if (pattern.test(seen.join("\n"))) return seen;
        if (wasOver) throw new Error(`${pattern} was never seen. The last:\n${read(0).join("\n")}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    resize: async (nextColumns, nextRows) => {
      await settled();
      emulator.resize(nextColumns, nextRows);
      terminal.resize(nextColumns, nextRows);
    },
    hasCursor: async () => settled().then(() => !isHidden),
    modesLeft: async () => {
      await settled();
      const { wraparoundMode, mouseTrackingMode, ...modes } = emulator.modes;
      return [
        ...Object.keys(modes).filter((name) => modes[name as keyof typeof modes]),
        ...(wraparoundMode ? [] : ["no wraparound"]),
        ...(mouseTrackingMode === "none" ? [] : ["mouse"]),
        ...(emulator.buffer.active.type === "normal" ? [] : ["alternate screen"]),
      ];
    },
    cursorColumn: async () => settled().then(() => emulator.buffer.active.cursorX),
    hasColour: async () => {
      await settled();
      const buffer = emulator.buffer.active;
      for (let row = 0; row < buffer.length; row += 1) {
        const line = buffer.getLine(row);
        for (let column = 0; column < (line?.length ?? 0); column += 1) {
          if (line?.getCell(column)?.isFgDefault() === false) return true;
        }
      }
      return false;
    },
  };
}
