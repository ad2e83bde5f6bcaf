// The package's own types import each other without file extensions, which Node's module rules do not resolve.
declare module "@huggingface/tokenizers" {
  export class Tokenizer {
    constructor(tokenizer: object, config: object);
    normalizer: ((text: string) => string) | null;
    encode(text: string): { readonly ids: readonly number[] };
  }
}
