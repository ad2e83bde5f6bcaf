import { StringDecoder } from "node:string_decoder";

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Passes on the text after the last line break. */
  end(): void;
}

/**
 * Turns chunks of UTF-8, cut anywhere, into whole lines without their line break. Of a line that overwrites itself, as progress does by carriage
 * returns, the last text is passed on, which is what a terminal shows.
 */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string): void => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(visible(line));
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== "") onLine(visible(rest));
      rest = "";
    },
  };
}

function visible(line: string): string {
  const text = line.replace(/\r+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1);
}
