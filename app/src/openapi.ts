import type { Config } from "./config.ts";
import type { ModelFacts } from "./model-folder.ts";

/** The API in the format of https://spec.openapis.org/oas/v3.1.0 */
export function describeApi(
  { version, limits }: Pick<Config, "version" | "limits">,
  model: Pick<ModelFacts, "names" | "dimensions" | "maxTokens">,
): object {
  const text = { type: "string", minLength: 1, maxLength: limits.charactersPerText };
  const tokens = { type: "integer", minimum: 0 };
  return {
    openapi: "3.1.0",
    info: {
      title: "Embeddings",
      version,
      description: `Sentence embeddings in OpenAI's format, by ${model.names[0]}.`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths: {
      "/v1/embeddings": {
        post: {
          operationId: "createEmbeddings",
          summary: "Embeds texts",
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: "#/components/schemas/Request" } } },
          },
          responses: {
            200: answer("The embeddings, in the texts' order", "Embeddings"),
            400: answer("The request is wrong", "Error"),
            404: answer("There is no such model", "Error"),
            413: answer(`The body is larger than ${limits.bodyBytes} bytes`, "Error"),
            415: answer("The body is not JSON", "Error"),
            429: retried("Too many texts are waiting for the model"),
            503: retried("The model is being loaded, or there was no answer in time"),
          },
        },
      },
      "/v1/models": {
        get: {
          operationId: "listModels",
          summary: "The model",
          responses: { 200: answer("A list of one", "Models") },
        },
      },
      "/healthz": { get: status("Whether the process lives", ["ok"]) },
      "/readyz": {
        get: status("Whether requests can be answered", ["ready"], ["loading", "draining"]),
      },
      "/version": {
        get: {
          summary: "What answers",
          responses: { 200: answer("The version and the model", "Version") },
        },
      },
      "/metrics": {
        get: {
          summary: "Figures for Prometheus",
          responses: {
            200: {
              description: "Prometheus' text format",
              content: { "text/plain": { schema: { type: "string" } } },
            },
          },
        },
      },
      "/openapi.json": {
        get: {
          summary: "This document",
          responses: { 200: json("This document", { type: "object" }) },
        },
      },
    },
    components: {
      schemas: {
        Request: {
          type: "object",
          required: ["input"],
          properties: {
            input: {
              description: `Each text is read up to its token number ${model.maxTokens}.`,
              anyOf: [text, { type: "array", minItems: 1, maxItems: limits.texts, items: text }],
            },
            model: { type: "string", enum: model.names },
            encoding_format: { type: "string", enum: ["float", "base64"], default: "float" },
            dimensions: {
              description: "The vectors' first numbers, normalised to length 1",
              ...{ type: "integer", minimum: 1, maximum: model.dimensions },
            },
            user: { type: "string" },
          },
        },
        Embeddings: {
          type: "object",
          required: ["object", "data", "model", "usage"],
          properties: {
            object: { const: "list" },
            data: {
              type: "array",
              items: {
                type: "object",
                required: ["object", "index", "embedding"],
                properties: {
                  object: { const: "embedding" },
                  index: { type: "integer", minimum: 0 },
                  embedding: {
                    anyOf: [{ type: "array", items: { type: "number" } }, { type: "string" }],
                  },
                },
              },
            },
            model: { type: "string" },
            usage: {
              type: "object",
              required: ["prompt_tokens", "total_tokens"],
              properties: { prompt_tokens: tokens, total_tokens: tokens },
            },
            truncated: {
              description:
                "The numbers, counted from 0, of the texts that were cut; absent when none was",
              ...{ type: "array", items: { type: "integer", minimum: 0 } },
            },
          },
        },
        Models: {
          type: "object",
          required: ["object", "data"],
          properties: {
            object: { const: "list" },
            data: {
              type: "array",
              items: {
                type: "object",
                required: ["id", "object", "created", "owned_by"],
                properties: {
                  id: { type: "string" },
                  object: { const: "model" },
                  created: { type: "integer", description: "Seconds since 1970" },
                  owned_by: { type: "string" },
                },
              },
            },
          },
        },
        Version: {
          type: "object",
          required: ["version", "release", "model", "precision", "digest"],
          properties: {
            version: { type: "string" },
            release: { type: ["string", "null"] },
            model: { type: "string" },
            precision: { type: "string" },
            digest: { type: "string", description: "SHA-256 of the model's file" },
          },
        },
        Error: {
          type: "object",
          required: ["error"],
          properties: {
            error: {
              type: "object",
              required: ["message", "type", "param", "code"],
              properties: {
                message: { type: "string" },
                type: { enum: ["invalid_request_error", "server_error"] },
                param: { type: ["string", "null"] },
                code: { type: "string" },
              },
            },
          },
        },
      },
    },
  };
}

function answer(
  description: string,
  schema: "Embeddings" | "Error" | "Models" | "Version",
): object {
  return json(description, { $ref: `#/components/schemas/${schema}` });
}

function retried(description: string): object {
  const seconds = { description: "Seconds", schema: { type: "integer", minimum: 1 } };
  return { ...answer(description, "Error"), headers: { "Retry-After": seconds } };
}

function status(summary: string, good: readonly string[], bad: readonly string[] = []): object {
  const schema = (values: readonly string[]): object => ({
    type: "object",
    required: ["status"],
    properties: { status: { enum: values } },
  });
  return {
    summary,
    responses: {
      200: json("Yes", schema(good)),
      ...(bad.length === 0 ? {} : { 503: json("No", schema(bad)) }),
    },
  };
}

function json(description: string, schema: object): object {
  return { description, content: { "application/json": { schema } } };
}
