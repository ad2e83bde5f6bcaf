import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";

/** Turns a text into token ids that begin with [CLS] and end with [SEP]. */
export type Tokenise = (text: string) => readonly number[];

export function loadTokeniser(folder: string): Tokenise {
  const tokenizer = new Tokenizer(
    readJson(join(folder, "tokenizer.json")),
    readJson(join(folder, "tokenizer_config.json")),
  );
  return (text) => truncate(tokenizer.encode(text).ids, maxTokens);
}

/** Cuts from the end, but keeps the closing [SEP]: the model never saw a text without it. */
export function truncate(ids: readonly number[], limit: number): readonly number[] {
  const last = ids.at(-1);
  return ids.length <= limit || last === undefined ? ids : [...ids.slice(0, limit - 1), last];
}

function readJson(path: string): object {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof value !== "object" || value === null) throw new Error(`${path} is not a JSON object`);
  return value;
}

// What the model was trained with. tokenizer.json says 128, but this tokeniser does not truncate at all.
const maxTokens = 256;
