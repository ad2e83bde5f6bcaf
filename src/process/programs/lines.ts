import { StringDecoder } from "node:string_decoder";

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Passes on the text after the last line break. */
  end(): void;
}

/** Turns chunks of UTF-8, cut anywhere, into whole lines without their line break. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string): void => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
