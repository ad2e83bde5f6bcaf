import { dimensions } from "../src/model-name.ts";
import type { Embeddings, Inference } from "../src/inference.ts";

/** Stands for the model: counts a token a character, answers when `release()` is called (or at once). */
export class FakeInference implements Inference {
  isReady = true;
  failure: Error | undefined;
  readonly calls: (readonly string[])[] = [];
  #held: PromiseWithResolvers<void> | undefined;

  ready(): boolean {
    return this.isReady;
  }

  hold(): void {
    this.#held = Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
  }

  async embed(texts: readonly string[]): Promise<Embeddings> {
    this.calls.push(texts);
    await this.#held?.promise;
    if (this.failure !== undefined) throw this.failure;
    const vectors = texts.map((text) => new Float32Array(dimensions).fill(text.length / 10));
    return { vectors, tokens: texts.join("").length, milliseconds: 1 };
  }
}
