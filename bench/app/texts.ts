import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Makes texts of exactly so many tokens, [CLS] and [SEP] included, no two alike. */
export interface TextSource {
  next(tokens: number): string;
}

/** Words that are one token each, from the model's own tokenizer; `seed` tells the texts of one run from another's. */
export function createTexts(modelFolder: string, seed: number): TextSource {
  const file = readFileSync(join(modelFolder, "tokenizer.json"), "utf8");
  const { model } = JSON.parse(file) as { model: { vocab: Readonly<Record<string, number>> } };
  const words = Object.keys(model.vocab).filter((word) => /^[a-z]{3,9}$/.test(word));
  let state = seed;
  const pick = (): string => {
    // A multiplier and modulus of Park and Miller's: plain, and the same on every machine.
    state = (state * 48_271) % 2_147_483_647;
    return words[state % words.length] ?? "word";
  };
  return { next: (tokens) => Array.from({ length: tokens - 2 }, pick).join(" ") };
}
