import type { ModelFacts } from "./model-folder.ts";

/** A model in OpenAI's format: https://platform.openai.com/docs/api-reference/models/object */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  /** Seconds since 1970. */
  readonly created: number;
  readonly owned_by: string;
}

/** `since`: when it began to be served. */
export function describeModel({ names }: Pick<ModelFacts, "names">, since: Date): ListedModel {
  const [id, whole = id] = names;
  const [owner = ""] = whole.split("/");
  return {
    id,
    object: "model",
    created: Math.floor(since.getTime() / 1000),
    owned_by: owner === whole ? "local" : owner,
  };
}
