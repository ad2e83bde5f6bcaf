// The smallest possible server: node:http, and the model in the thread that answers. It cannot even answer a health check while the
// model runs. Usage: bare.js MODEL PORT ONNXRUNTIME, the last being the path of the package.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [, , model, port, onnxruntime] = process.argv;
process.env.ORT_DISABLE_TELEMETRY = "1";
const { InferenceSession, Tensor } = createRequire(import.meta.url)(onnxruntime);
const session = await InferenceSession.create(model, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  extra: { session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1" } },
});

/** As many tokens as the text has words. Their values do not change the time. */
async function embed(text) {
  const tokens = text.split(" ").length + 2;
  const fill = (value) => new Tensor("int64", new BigInt64Array(tokens).fill(value), [1, tokens]);
  const outputs = await session.run({ input_ids: fill(2000n), attention_mask: fill(1n) });
  return [...outputs.last_hidden_state.data.subarray(0, 384)];
}

await embed("warm-up");
createServer((request, response) => {
  if (request.method === "GET") {
    response.end("ready");
    return;
  }
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", async () => {
    const embedding = await embed(JSON.parse(body).input);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data: [{ embedding }] }));
  });
}).listen(Number(port), "127.0.0.1");
