import { piece, type Line, type Style } from "./pieces.ts";

/** Lines under a label, which is on the first of them. */
export function labelled(label: string, texts: readonly string[], style?: Style): readonly Line[] {
  return texts.map((text, index) => [
    { text: (index === 0 ? `  ${label}` : "").padEnd(labelWidth), style: "dim" },
    piece(text, style),
  ]);
}

export const labelWidth = 12;
