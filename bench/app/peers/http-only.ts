import { createServer, type ServerResponse } from "node:http";
import { readConfig } from "../../../app/src/config.ts";
import { createGathering } from "../../../app/src/gathering.ts";
import { readModelFacts } from "../../../app/src/model-folder.ts";
import { startWorkers } from "../../../app/src/workers.ts";

/**
 * The minimum for a server with the model in a separate thread, for texts of 8 tokens: node:http and the sample app's model thread. It
 * does not read the requests: all that wait run as one batch, and all get the same prepared answer. The sample app also reads requests,
 * counts tokens, writes numbers, and has a cache, a log and metrics. Takes the sample app's environment.
 */
const config = readConfig(process.env);
const facts = readModelFacts(config.modelFolder, config.modelName);
const workers = startWorkers({
  count: config.workers,
  model: { folder: config.modelFolder, threads: config.threads, ...facts },
});
const gathering = createGathering(() => performance.now());
const embedding = Array.from({ length: facts.dimensions }, (_, index) => Math.sin(index) / 20);
const answer = Buffer.from(JSON.stringify({ object: "list", data: [{ embedding }] }));
const headers = { "content-type": "application/json", "content-length": answer.length };
const tokens = 8;
let waiting: ServerResponse[] = [];
let timer: NodeJS.Timeout | undefined;
let isDue = false;

await workers.loaded;
workers.onIdle(schedule);
createServer((request, response) => {
  if (request.method === "GET") {
    response.end("ready");
    return;
  }
  request.resume();
  request.on("end", () => {
    waiting.push(response);
    gathering.arrived();
    schedule();
  });
}).listen(config.port, config.host);

/** At the end of this turn of the event loop, as the sample app does. */
function schedule(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(() => {
    isDue = false;
    dispatch();
  });
}

function dispatch(): void {
  if (!workers.idle || waiting.length === 0) return;
  const left = gathering.left();
  if (left === 0) {
    const batch = waiting;
    waiting = [];
    void run(batch);
    return;
  }
  timer ??= setTimeout(() => {
    timer = undefined;
    dispatch();
  }, left);
}

async function run(batch: readonly ServerResponse[]): Promise<void> {
  const lengths = new Int32Array(batch.length).fill(tokens);
  const ids = new Int32Array(batch.length * tokens).fill(2000);
  const { milliseconds } = await workers.run({ ids, lengths });
  for (const response of batch) {
    response.writeHead(200, headers);
    response.end(answer);
  }
  setImmediate(() => {
    gathering.answered(batch.length, milliseconds);
    dispatch();
  });
}
