// The usual Node server for a small model: fastify and @huggingface/transformers, over the same file.
// Usage: transformers.js FOLDER NAME PORT THREADS. FOLDER holds NAME/onnx/model.onnx, as the library wants it.
import { env, pipeline } from "@huggingface/transformers";
import { fastify } from "fastify";

const [, , folder, name, port, threads] = process.argv;
env.allowRemoteModels = false;
env.localModelPath = folder;
const extract = await pipeline("feature-extraction", name, {
  dtype: "fp32",
  device: "cpu",
  session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 },
});
const embed = async (texts) => extract(texts, { pooling: "mean", normalize: true });
await embed(["warm-up"]);

const app = fastify();
app.get("/readyz", async () => ({ status: "ready" }));
app.post("/v1/embeddings", async ({ body }) => {
  const texts = Array.isArray(body.input) ? body.input : [body.input];
  const vectors = (await embed(texts)).tolist();
  return {
    object: "list",
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
    model: "peer",
    usage: { prompt_tokens: 0, total_tokens: 0 },
  };
});
await app.listen({ host: "127.0.0.1", port: Number(port) });
