import { ApiError } from "./api-error.ts";
import type { Limits } from "./config.ts";
import type { Encoding } from "./embedding-json.ts";
import type { ModelFacts } from "./model-folder.ts";

/** A checked request, in the format of https://platform.openai.com/docs/api-reference/embeddings/create */
export interface EmbeddingRequest {
  readonly texts: readonly string[];
  readonly encoding: Encoding;
  /** The requested length of each vector. */
  readonly dimensions: number;
}

export interface RequestRules {
  readonly limits: Pick<Limits, "texts" | "charactersPerText">;
  readonly model: Pick<ModelFacts, "names" | "dimensions">;
}

/** Throws ApiError for the first mistake: 400, or 404 for an unknown model. */
export function readEmbeddingRequest(
  body: unknown,
  { limits, model }: RequestRules,
): EmbeddingRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalid(null, "The body must be a JSON object.");
  }
  const fields: Readonly<Record<string, unknown>> = { ...body };
  checkModel(fields["model"], model.names);
  checkUser(fields["user"]);
  return {
    texts: readTexts(fields["input"], limits),
    encoding: readEncoding(fields["encoding_format"]),
    dimensions: readDimensions(fields["dimensions"], model.dimensions),
  };
}

function checkModel(model: unknown, names: readonly string[]): void {
  // OpenAI requires a name. With only one model, a request without it is clear enough.
  if (model === undefined) return;
  if (typeof model !== "string") throw invalid("model", "'model' must be a string.");
  if (!names.includes(model)) {
    const message = `This server has no such model; it has ${names[0]}.`;
    throw new ApiError(404, "model_not_found", message, { param: "model" });
  }
}

function checkUser(user: unknown): void {
  if (user === undefined || typeof user === "string") return;
  throw invalid("user", "'user' must be a string.");
}

function readDimensions(value: unknown, most: number): number {
  if (value === undefined) return most;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) {
    return value;
  }
  throw invalid("dimensions", `'dimensions' must be a whole number from 1 to ${most}.`);
}

function readTexts(input: unknown, limits: RequestRules["limits"]): readonly string[] {
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

function readText(text: unknown, index: number, limits: RequestRules["limits"]): string {
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
  // Half of a surrogate pair has no UTF-8 form, but the embedded text and the cache's key must be the same.
  return text.toWellFormed();
}

function readEncoding(value: unknown): Encoding {
  if (value === undefined) return "float";
  if (value === "float" || value === "base64") return value;
  throw invalid("encoding_format", "'encoding_format' must be 'float' or 'base64'.");
}

function invalid(param: string | null, message: string): ApiError {
  return new ApiError(400, "invalid_value", message, { param });
}
