import type { Marks } from "./remote-command.ts";

/** Separates a command's output from what the plugin prints around it. */
export interface MarkedOutput {
  readonly push: (chunk: Uint8Array) => void;
  /** The command's exit code; undefined when its end did not come. `said`: what the plugin printed before. */
  readonly end: () => { readonly code: number | undefined; readonly said: string };
}

/** `out` gets the output as it comes. */
export function createMarkedOutput(
  { begin, end }: Marks,
  out: (text: string) => void,
): MarkedOutput {
  const decoder = new TextDecoder();
  let state: "before" | "inside" | "after" = "before";
  let text = "";
  let said = "";
  let code: number | undefined;
  const look = (): void => {
    if (state === "before") {
      const at = text.indexOf(`${begin}\n`);
      if (at === -1) return;
      said = text.slice(0, at);
      text = text.slice(at + begin.length + 1);
      state = "inside";
    }
    if (state === "inside") {
      const mark = `\n${end} `;
      const at = text.indexOf(mark);
      const whole = at === -1 ? text.length - beginningOf(mark, text) : at;
      if (whole > 0) out(text.slice(0, whole));
      text = text.slice(whole);
      if (at === -1) return;
      state = "after";
    }
    const found = /^\n\S+ (\d+)\n/.exec(text)?.[1];
    if (found !== undefined) code = Number(found);
  };
  return {
    push: (chunk) => {
      text += decoder.decode(chunk, { stream: true }).replaceAll("\r\n", "\n");
      look();
    },
    end: () => {
      if (state === "inside") out(text);
      return { code, said: state === "before" ? text : said };
    },
  };
}

/** How many of the last characters may be the beginning of the mark, whose rest has not come yet. */
function beginningOf(mark: string, text: string): number {
  for (let count = Math.min(mark.length - 1, text.length); count > 0; count -= 1) {
    if (text.endsWith(mark.slice(0, count))) return count;
  }
  return 0;
}
