import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { readObject, readObjectIfThere } from "./model-folder.ts";

export interface Tokens {
  /** With the special tokens around the text's own. */
  readonly ids: readonly number[];
  /** Whether the end of the text was left out. */
  readonly isTruncated: boolean;
}

export type Tokenise = (text: string) => Tokens;

/** `maxTokens`: the limit that the model was trained with. This tokeniser ignores the one in tokenizer.json. */
export function loadTokeniser(folder: string, maxTokens: number): Tokenise {
  const tokenizer = openTokenizer(folder);
  return (text) => {
    const { ids } = tokenizer.encode(text);
    return { ids: truncate(ids, maxTokens), isTruncated: ids.length > maxTokens };
  };
}

function openTokenizer(folder: string): Tokenizer {
  const model = readObject(folder, "tokenizer.json");
  const config = readObjectIfThere(folder, "tokenizer_config.json") ?? {};
  try {
    const tokenizer = new Tokenizer(model, config);
    tokenizer.normalizer = passPlainText(tokenizer.normalizer, model["normalizer"]);
    return tokenizer;
  } catch (error) {
    throw new Error(`${join(folder, "tokenizer.json")} is not a supported tokenizer`, {
      cause: error,
    });
  }
}

/**
 * BERT's normaliser checks each character for control codes, Chinese and accents. Printable ASCII has none of them and only becomes
 * lower case. Skipping the check saves a third of the time.
 */
function passPlainText(normalise: Normaliser | null, settings: unknown): Normaliser | null {
  if (normalise === null || typeof settings !== "object" || settings === null) return normalise;
  const { type, lowercase: isLowered }: { type?: unknown; lowercase?: unknown } = settings;
  if (type !== "BertNormalizer") return normalise;
  return (text) => {
    if (!/^[ -~]*$/.test(text)) return normalise(text);
    return isLowered === true ? text.toLowerCase() : text;
  };
}

type Normaliser = (text: string) => string;

/** Cuts the end but keeps the closing [SEP]: the model has never seen a text without it. */
export function truncate(ids: readonly number[], limit: number): readonly number[] {
  const last = ids.at(-1);
  return ids.length <= limit || last === undefined ? ids : [...ids.slice(0, limit - 1), last];
}
