import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";

/**
 * Breaks the app that is loaded after it, by BREAK:
 *   crash        ends at once with exit code 3
 *   never-ready  /readyz is 503 for ever
 *   errors       after the first of the users' requests, every answer of /v1 is 500
 *   slow         after the first of the users' requests, every answer of /v1 takes 2.5 s longer
 *   memory       after the first of the users' requests, it takes memory until it is killed
 * Users' requests are those that neither a health check nor infer-deploy's probe sends: what a release meets only when it has traffic.
 */
const how = process.env.BREAK ?? "none";

if (isMainThread && how !== "none") {
  if (how === "crash") {
    process.stdout.write("cannot load the model: /models/embeddings is not there\n");
    process.exit(3);
  }
  const held = [];
  let isBroken = false;
  const emit = http.Server.prototype.emit;
  http.Server.prototype.emit = function broken(event, request, response) {
    if (event !== "request") {
      return emit.apply(this, arguments);
    }
    const { url = "", headers } = request;
    if (how === "never-ready" && url.startsWith("/readyz")) {
      response.writeHead(503).end("still loading\n");
      return true;
    }
    if (!url.startsWith("/v1/")) {
      return emit.apply(this, arguments);
    }
    isBroken ||= headers["user-agent"] !== "infer-deploy";
    if (!isBroken) {
      return emit.apply(this, arguments);
    }
    if (how === "errors") {
      request.resume();
      const version = { "x-app-version": process.env.INFER_DEPLOY_VERSION ?? "unknown" };
      response.writeHead(500, version).end("the tokenizer is gone\n");
      return true;
    }
    if (how === "slow") {
      wait(2500).then(() => emit.apply(this, arguments));
      return true;
    }
    if (how === "memory") {
      held.push(Buffer.alloc(32 * 1024 * 1024, 1));
    }
    return emit.apply(this, arguments);
  };
}
