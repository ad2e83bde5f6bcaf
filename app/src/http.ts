import { randomUUID } from "node:crypto";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  fastify,
} from "fastify";
import { ApiError, formatError, isBadAddress, toApiError } from "./api-error.ts";
import { afterBody, answerExpectations, answerUnreadable, lacksHost } from "./client-errors.ts";
import type { Config } from "./config.ts";
import { readEmbeddingRequest } from "./embedding-request.ts";
import { formatResponse } from "./embedding-response.ts";
import type { Embeddings, Inference } from "./inference.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelFacts } from "./model-folder.ts";
import { describeModel } from "./model-list.ts";
import { describeApi } from "./openapi.ts";
import { watchRequest } from "./request-watch.ts";
import { watchSilentConnections } from "./silent-connections.ts";

export interface HttpParts {
  readonly config: Pick<Config, "version" | "release" | "limits">;
  readonly model: ModelFacts & { readonly digest: Promise<string> };
  readonly inference: Inference;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
}

/** The server, not yet listening. `close()` stops accepting, lets requests in flight finish, then resolves. */
export function createHttp({ config, model, inference, metrics, log }: HttpParts): FastifyInstance {
  const { limits } = config;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    // Ignored, like every unknown field.
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "remove",
    // Longer than a load balancer keeps an idle connection (60 s on AWS). The side that sends requests must hang up first,
    // or a request meets a closed connection and becomes a 502.
    keepAliveTimeout: 75_000,
    // The time to receive the request; the answer gets the same time again.
    requestTimeout: limits.requestTimeout,
    // Node's own answer has no text; see onRequest.
    http: { requireHostHeader: false },
    // A draining server still answers requests on open connections.
    return503OnClosing: false,
    frameworkErrors: sendError,
    clientErrorHandler: answerUnreadable,
    // No route has a schema, and loading the compilers would take a tenth of a second at the start.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    genReqId: ({ headers }) => requestId(headers["x-request-id"]),
  });
  // On the request itself, not in a WeakMap: V8 treats a WeakMap's values as alive when it collects young objects.
  app.decorateRequest("work", null);
  answerExpectations(app.server);
  const endSilentConnections = watchSilentConnections(app.server);
  const methods = new Map<string, readonly string[]>();
  // Once the model was loaded, requests wait while a restarted thread loads it again.
  let wasReady = false;
  let closing = false;
  app.addHook("onRoute", ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), method].flat());
  });
  app.addHook("preClose", async () => {
    closing = true;
    endSilentConnections();
  });
  // Hooks with callbacks, because async ones would create promises for every request.
  app.addHook("onRequest", (request, reply, next) => {
    reply.headers(commonHeaders);
    reply.header("x-request-id", request.id);
    // While traffic moves from one version to the next, this shows the caller which one answered.
    reply.header("x-app-version", config.version);
    next(
      lacksHost(request.raw) ? new ApiError(400, "bad_request", "Send a Host header.") : undefined,
    );
  });
  app.addHook("onSend", (_request, reply, _payload, next) => {
    // Without it a connection stays open after its last answer, and closing waits for the end of its keep-alive.
    if (closing) reply.header("connection", "close");
    next();
  });
  app.addHook("onResponse", (request, reply, next) => {
    const route = routeOf(request);
    const milliseconds = reply.elapsedTime;
    const { statusCode: status } = reply;
    metrics.countRequest({ method: request.method, route, status, seconds: milliseconds / 1000 });
    // Never the query or the body: users' texts stay out of the logs.
    const entry = {
      ...{ id: request.id, method: request.method, route, status, milliseconds },
      ...request.getDecorator<Work | null>("work"),
    };
    log[quietRoutes.has(route) ? "debug" : "info"](entry, "request");
    next();
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => {
    throw nothingHere(request, reply);
  });

  const [modelName] = model.names;
  const document = describeApi(config, model);
  const models = { object: "list", data: [describeModel(model, new Date())] };
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const status = closing ? "draining" : inference.ready() ? "ready" : "loading";
    return reply.code(status === "ready" ? 200 : 503).send({ status });
  });
  app.get("/version", async () => ({
    version: config.version,
    release: config.release,
    model: modelName,
    precision: model.precision,
    digest: await model.digest,
  }));
  // Clients of OpenAI's API ask for it first.
  app.get("/v1/models", async () => models);
  app.get("/openapi.json", async () => document);
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text(inference)),
  );
  app.route({
    method: "POST",
    url: "/v1/embeddings",
    async handler(request, reply) {
      const { texts, ...options } = readEmbeddingRequest(request.body, { limits, model });
      if (!inference.ready() && !wasReady) {
        throw new ApiError(503, "model_not_ready", "The model is still being loaded.", {
          retryAfter: 1,
        });
      }
      wasReady = true;
      const watch = watchRequest(reply.raw, limits.requestTimeout);
      const embeddings = await inference.embed(texts, options, watch);
      request.setDecorator<Work>("work", workOf(embeddings));
      return reply.type(jsonType).send(formatResponse(embeddings, modelName));
    },
  });
  return app;

  function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    // Fastify reads the body even for an unknown route.
    const isLost = request.is404 && !(error instanceof ApiError) && !isBadAddress(error);
    const told = isLost ? nothingHere(request, reply) : toApiError(error, limits.bodyBytes);
    if (told.status >= 500 && told !== error)
      log.error({ id: request.id, err: error }, "request failed");
    if (told.retryAfter !== null) reply.header("retry-after", String(told.retryAfter));
    const send = (): void => void reply.code(told.status).send(formatError(told));
    if (told.status === 413) afterBody(request.raw, send);
    else send();
  }

  function nothingHere(request: FastifyRequest, reply: FastifyReply): ApiError {
    const allowed = methods.get(pathOf(request.url)) ?? [];
    if (allowed.length === 0) return new ApiError(404, "unknown_url", unknownUrl);
    reply.header("allow", allowed.join(", "));
    const message = `This address accepts ${allowed.join(" and ")} only.`;
    return new ApiError(405, "method_not_allowed", message);
  }
}

function noSchemas(): never {
  throw new Error("this server compiles no schemas");
}

/** A request's figures for its log line. */
interface Work {
  readonly texts: number;
  readonly tokens: number;
  readonly batch: number;
  readonly hits: number;
}

function workOf({ texts, hits, batch }: Embeddings): Work {
  const tokens = texts.reduce((sum, text) => sum + text.tokens, 0);
  return { texts: texts.length, tokens, batch, hits };
}

/** The caller's own id if it is safe in a log line, otherwise a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w.:/+=@-]{1,128}$/.test(given) ? given : randomUUID();
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** The route's pattern, not the address: with labels that callers choose, the metrics could grow endlessly. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "unknown";
}

/** For answers that browsers do not show and proxies do not keep. */
const commonHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const unknownUrl =
  "There is nothing at this address. Embeddings are at POST /v1/embeddings; /openapi.json describes the rest.";
const jsonType = "application/json; charset=utf-8";
const quietRoutes = new Set(["/healthz", "/readyz", "/metrics"]);
