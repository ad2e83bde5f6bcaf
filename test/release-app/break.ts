import { Server, type IncomingMessage, type ServerResponse } from "node:http";
import { isMainThread } from "node:worker_threads";

/**
 * Breaks the app that is loaded after it, by BREAK:
 *   crash        ends at once with exit code 3
 *   never-ready  /readyz is 503 forever
 *   errors       after the first of the users' requests, every answer of /v1 is 500
 *   users        every answer of /v1 to a user is 500, and none to infer-deploy's probe
 *   slow         after the first of the users' requests, every answer of /v1 takes 2.5 s longer
 *   memory       after the first of the users' requests, it takes memory until it is killed
 * Users' requests are those that neither a health check nor infer-deploy's probe sends: what a release meets only when it has traffic.
 */
const how = process.env["BREAK"] ?? "none";

if (isMainThread && how !== "none") {
  if (how === "crash") {
    process.stdout.write("cannot load the model: /models/embeddings is not there\n");
    process.exit(3);
  }
  breakServers();
}

function breakServers(): void {
  const held: Buffer[] = [];
  let isBroken = false;
  const version = { "x-app-version": process.env["INFER_DEPLOY_VERSION"] ?? "unknown" };
  const pass = Reflect.get(Server.prototype, "emit") as Emit;
  Server.prototype.emit = function emit(this: Server, event: string, ...values: unknown[]) {
    const goOn = (): boolean => pass.call(this, event, ...values);
    if (event !== "request") {
      return goOn();
    }
    const [request, response] = values as [IncomingMessage, ServerResponse];
    const url = request.url ?? "";
    if (how === "never-ready" && url.startsWith("/readyz")) {
      response.writeHead(503).end("still loading\n");
      return true;
    }
    if (!url.startsWith("/v1/")) {
      return goOn();
    }
    const isOfUser = request.headers["user-agent"] !== "infer-deploy";
    isBroken ||= isOfUser;
    switch (isBroken ? how : "none") {
      case "users":
      case "errors":
        if (how === "users" && !isOfUser) return goOn();
        request.resume();
        response.writeHead(500, version).end("the tokenizer is gone\n");
        return true;
      case "slow":
        setTimeout(goOn, 2500);
        return true;
      case "memory":
        held.push(Buffer.alloc(32 * 1024 * 1024, 1));
        return goOn();
      default:
        return goOn();
    }
  };
}

type Emit = (this: Server, event: string, ...values: unknown[]) => boolean;
