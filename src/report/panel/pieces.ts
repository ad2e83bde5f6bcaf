import { styleText } from "node:util";
import stringWidth from "string-width";
import { escapeControls } from "../../errors/safe-text.ts";

/** How a line is drawn. Everything that differs between terminals is here. */
export interface Screen {
  /** Cells of a line. */
  readonly columns: number;
  readonly rows: number;
  readonly hasColour: boolean;
  /** Whether the locale's encoding has block elements. */
  readonly hasUnicode: boolean;
}

export type Style = "red" | "yellow" | "green" | "blue" | "dim" | "bold";

/** A part of a line in one style. */
export interface Piece {
  readonly text: string;
  readonly style?: Style | undefined;
}

export type Line = readonly Piece[];

/** A piece of text from outside, which may have control characters. */
export function piece(text: string, style?: Style): Piece {
  return { text: escapeControls(text), style };
}

export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + stringWidth(text), 0);
}

/** Shortens a text to so many cells, with an ellipsis for the rest. */
export function shorten(text: string, cells: number, { hasUnicode }: Screen): string {
  if (stringWidth(text) <= cells) return text;
  const dots = (hasUnicode ? "…" : "...").slice(0, Math.max(0, cells));
  return `${cut(text, cells - stringWidth(dots))}${dots}`;
}

/** The same, from the middle: the ends of an address or an id say the most. */
export function shortenMiddle(text: string, cells: number, { hasUnicode }: Screen): string {
  if (stringWidth(text) <= cells) return text;
  const dots = (hasUnicode ? "…" : "...").slice(0, Math.max(0, cells));
  const room = cells - stringWidth(dots);
  const head = cut(text, Math.floor(room / 2));
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment);
  let tail = "";
  for (const letter of letters.toReversed()) {
    if (stringWidth(letter + tail) > room - stringWidth(head)) break;
    tail = letter + tail;
  }
  return `${head}${dots}${tail}`;
}

/** Breaks a text into lines of at most so many cells, at spaces where there are any. At most `most` lines, the last one shortened. */
export function wrap(text: string, cells: number, most: number, screen: Screen): readonly string[] {
  const lines: string[] = [];
  let rest = escapeControls(text);
  while (rest !== "" && lines.length < most - 1 && stringWidth(rest) > cells) {
    const head = cut(rest, cells);
    const space = rest.startsWith(" ", head.length) ? head.length : head.lastIndexOf(" ");
    const end = space > cells / 2 ? space : Math.max(1, head.length);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === "" ? lines : [...lines, shorten(rest, cells, screen)];
}

/** The line as the terminal gets it, never longer than the screen. */
export function lineText(line: Line, screen: Screen): string {
  let room = screen.columns;
  const texts: string[] = [];
  for (const { text, style } of line) {
    const shown = shorten(text, room, screen);
    room -= stringWidth(shown);
    texts.push(styled(shown, style, screen));
    if (shown !== text) break;
  }
  return texts.join("");
}

function styled(text: string, style: Style | undefined, { hasColour }: Screen): string {
  // Whether this stream has colours was decided before, not by standard output.
  return style === undefined || !hasColour || text === ""
    ? text
    : styleText(style, text, { validateStream: false });
}

function cut(text: string, cells: number): string {
  let head = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > cells) break;
    head += segment;
  }
  return head;
}

const graphemes = new Intl.Segmenter();
