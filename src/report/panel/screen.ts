import type { Screen } from "./pieces.ts";

/** What a terminal says about itself. */
export interface TerminalFacts {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly hasColors?: ((env: Record<string, string | undefined>) => boolean) | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The screen of a terminal. One column stays empty, because some terminals begin a new line after the last one. */
export function screenOf(terminal: TerminalFacts, env: Env): Screen {
  return {
    columns: Math.max(leastColumns, (terminal.columns || 80) - 1),
    rows: Math.max(leastRows, terminal.rows || 24),
    hasColour: terminal.hasColors?.({ ...env }) ?? false,
    hasUnicode: isUtf8(env),
  };
}

/**
 * By POSIX's order of the variables. Where none is set, UTF-8 is likelier than the C locale that the standard then means: containers and
 * SSH sessions often have none.
 */
export function isUtf8(env: Env): boolean {
  const locale = ["LC_ALL", "LC_CTYPE", "LANG"].map((name) => env[name]).find(Boolean);
  return locale === undefined || /utf-?8/i.test(locale);
}

/** Whether the cursor of this terminal can be moved, so that what is there can be drawn again. */
export function canRedraw(env: Env): boolean {
  return env["TERM"] !== "dumb";
}

const leastColumns = 20;
const leastRows = 6;
