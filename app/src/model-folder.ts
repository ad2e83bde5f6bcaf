import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Pooling } from "./pooling.ts";

/** The facts in a model's folder. */
export interface ModelFacts {
  /** Names that callers may use for it; answers have the first. */
  readonly names: readonly [string, ...string[]];
  /** Numbers in an embedding. */
  readonly dimensions: number;
  /** Tokens of a text that are read, the special ones included. */
  readonly maxTokens: number;
  readonly pooling: Pooling;
  /** "exact", or the type that its weights were quantised to. */
  readonly precision: string;
}

/**
 * Reads a folder in Hugging Face's layout: config.json and, if they exist, sentence_bert_config.json, 1_Pooling/config.json and
 * tokenizer_config.json. Throws an Error that names the file and the key.
 */
export function readModelFacts(folder: string, name: string | null): ModelFacts {
  const config = readObject(folder, "config.json");
  const dimensions = readSize(config, "hidden_size");
  if (dimensions === undefined) {
    throw new Error(
      `${join(folder, "config.json")} has no hidden_size, the length of an embedding`,
    );
  }
  return {
    names: namesOf(name ?? config["_name_or_path"], folder),
    dimensions,
    maxTokens: readMaxTokens(folder, config),
    pooling: readPooling(folder),
    precision: readPrecision(config),
  };
}

/** SHA-256 of model.onnx, in hexadecimal. */
export async function digestModel(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(join(folder, "model.onnx"));
  // One buffer for the whole file: a stream would allocate a new one for each part, in total as much as the file's size.
  const part = Buffer.allocUnsafeSlow(1_048_576);
  try {
    for (;;) {
      const { bytesRead } = await file.read(part);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(part.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function namesOf(value: unknown, folder: string): ModelFacts["names"] {
  const whole = typeof value === "string" && value !== "" ? value : basename(folder);
  const short = basename(whole);
  return short === whole ? [whole] : [short, whole];
}

function readMaxTokens(folder: string, config: JsonObject): number {
  const sentences = readObjectIfThere(folder, "sentence_bert_config.json") ?? {};
  const tokenizer = readObjectIfThere(folder, "tokenizer_config.json") ?? {};
  const limits = [
    readSize(tokenizer, "model_max_length"),
    readSize(config, "max_position_embeddings"),
  ].filter((limit) => limit !== undefined);
  return readSize(sentences, "max_seq_length") ?? Math.min(mostTokens, ...limits);
}

function readPooling(folder: string): Pooling {
  const file = join("1_Pooling", "config.json");
  const pooling = readObjectIfThere(folder, file);
  if (pooling === undefined || pooling["pooling_mode_mean_tokens"] === true) return "mean";
  if (pooling["pooling_mode_cls_token"] === true) return "cls";
  const asked = Object.keys(pooling).filter((key) => pooling[key] === true);
  throw new Error(
    `${join(folder, file)} asks for ${asked.join(", ") || "no pooling"}; this server supports mean and CLS`,
  );
}

function readPrecision(config: JsonObject): string {
  const quantisation = config["quantization_config"];
  if (typeof quantisation !== "object" || quantisation === null) return "exact";
  return "bits" in quantisation ? `int${String(quantisation.bits)}` : "quantised";
}

type JsonObject = Readonly<Record<string, unknown>>;

function readSize(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  // Tokenizers without a limit have a number with thirty digits.
  return typeof value === "number" && value >= 1 && value <= 1_000_000 ? value : undefined;
}

export function readObjectIfThere(folder: string, file: string): JsonObject | undefined {
  return existsSync(join(folder, file)) ? readObject(folder, file) : undefined;
}

/** Throws an Error that names the file. */
export function readObject(folder: string, file: string): JsonObject {
  const path = join(folder, file);
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${path} is not a JSON object`);
  }
  return { ...value };
}

/** Unless the folder has a lower limit: the time for a text grows with the square of its length. */
const mostTokens = 512;
