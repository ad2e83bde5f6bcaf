import { ApiError } from "./api-error.ts";
import type { Limits } from "./config.ts";
import { dimensions, modelNames } from "./model-name.ts";

/** A checked request, in the form of https://platform.openai.com/docs/api-reference/embeddings/create */
export interface EmbeddingRequest {
  readonly texts: readonly string[];
  readonly encoding: "float" | "base64";
}

/** Throws ApiError (400, or 404 for a model that is not here) for the first thing that is wrong. */
export function readEmbeddingRequest(body: unknown, limits: Limits): EmbeddingRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalid(null, "The body must be a JSON object.");
  }
  const fields: Readonly<Record<string, unknown>> = { ...body };
  checkModel(fields["model"]);
  checkDimensions(fields["dimensions"]);
  return {
    texts: readTexts(fields["input"], limits),
    encoding: readEncoding(fields["encoding_format"]),
  };
}

function checkModel(model: unknown): void {
  // OpenAI demands a name; with one model behind the address, a call without it is clear enough.
  if (model === undefined) return;
  if (typeof model !== "string") throw invalid("model", "'model' must be a string.");
  if (!modelNames.includes(model)) {
    const message = `This server has no such model; it has ${modelNames[0]}.`;
    throw new ApiError(404, "model_not_found", message, "model");
  }
}

function checkDimensions(value: unknown): void {
  if (value === undefined || value === dimensions) return;
  throw invalid("dimensions", `'dimensions' must be ${dimensions}: this model has one size.`);
}

function readTexts(input: unknown, limits: Limits): readonly string[] {
  if (input === undefined) throw invalid("input", "'input' is missing.");
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0) throw invalid("input", "'input' is an empty list.");
  if (texts.length > limits.texts) {
    throw invalid(
      "input",
      `'input' has ${texts.length} texts; at most ${limits.texts} are allowed.`,
    );
  }
  return texts.map((text, index) => readText(text, index, limits));
}

function readText(text: unknown, index: number, limits: Limits): string {
  if (typeof text !== "string") {
    throw invalid(
      "input",
      "'input' must be a string or a list of strings; lists of tokens are not taken.",
    );
  }
  if (text === "")
    throw invalid("input", `'input' has an empty text (number ${index}, counted from 0).`);
  if (text.length > limits.charactersPerText) {
    const allowed = `at most ${limits.charactersPerText} are allowed`;
    throw invalid("input", `Text ${index} of 'input' has ${text.length} characters; ${allowed}.`);
  }
  return text;
}

function readEncoding(value: unknown): "float" | "base64" {
  if (value === undefined) return "float";
  if (value === "float" || value === "base64") return value;
  throw invalid("encoding_format", "'encoding_format' must be 'float' or 'base64'.");
}

function invalid(param: string | null, message: string): ApiError {
  return new ApiError(400, "invalid_value", message, param);
}
