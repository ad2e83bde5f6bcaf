/** The names under which callers may ask for the model; answers carry the first. */
export const modelNames: readonly string[] = [
  "all-MiniLM-L6-v2",
  "sentence-transformers/all-MiniLM-L6-v2",
];
export const modelName = "all-MiniLM-L6-v2";

/** Numbers in an embedding. */
export const dimensions = 384;
