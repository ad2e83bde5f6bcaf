import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  fastify,
} from "fastify";
import { ApiError, formatError, toApiError } from "./api-error.ts";
import type { Config } from "./config.ts";
import { readEmbeddingRequest } from "./embedding-request.ts";
import { formatResponse } from "./embedding-response.ts";
import type { Inference } from "./inference.ts";
import type { Metrics } from "./metrics.ts";
import { modelName } from "./model-name.ts";
import { watchSilentConnections } from "./silent-connections.ts";

export interface HttpParts {
  readonly config: Pick<Config, "version" | "release" | "limits">;
  readonly inference: Inference;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
}

/** The server, not yet listening. `close()` stops accepting, lets requests in flight finish, then resolves. */
export function createHttp({ config, inference, metrics, log }: HttpParts): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.limits.bodyBytes,
    // Longer than a load balancer keeps an idle connection (60 s on AWS): the side that sends requests must be
    // the one that hangs up, or a request meets a closed connection and becomes a 502.
    keepAliveTimeout: 75_000,
    requestTimeout: 30_000,
    // While draining, a request that comes over an open connection is still answered.
    return503OnClosing: false,
    frameworkErrors: sendError,
  });
  const endSilentConnections = watchSilentConnections(app.server);
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
    endSilentConnections();
  });
  // Without it a connection stays open after its last answer, and closing waits for its keep-alive to end.
  app.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
  // While traffic moves from one version to the next, a caller can tell which one answered.
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("x-app-version", config.version);
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = routeOf(request);
    const milliseconds = reply.elapsedTime;
    metrics.countRequest({
      method: request.method,
      route,
      status: reply.statusCode,
      seconds: milliseconds / 1000,
    });
    // Never the address's query nor the body: users' texts stay out of the logs.
    const entry = {
      id: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      milliseconds,
    };
    log[quietRoutes.has(route) ? "debug" : "info"](entry, "request");
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(() => {
    throw new ApiError(
      404,
      "unknown_url",
      "Nothing is served here; embeddings are at POST /v1/embeddings.",
    );
  });

  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const status = closing ? "draining" : inference.ready() ? "ready" : "loading";
    return reply.code(status === "ready" ? 200 : 503).send({ status });
  });
  app.get("/version", async () => ({
    version: config.version,
    release: config.release,
    model: modelName,
  }));
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  app.route({
    method: "POST",
    url: "/v1/embeddings",
    async handler({ body }) {
      const { texts, encoding } = readEmbeddingRequest(body, config.limits);
      if (!inference.ready()) {
        throw new ApiError(503, "model_not_ready", "The model is still being loaded.");
      }
      const embeddings = await inference.embed(texts);
      metrics.countEmbeddings(embeddings);
      return formatResponse(embeddings, encoding);
    },
  });
  return app;

  function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const told = toApiError(error, config.limits.bodyBytes);
    if (told.status >= 500 && told !== error)
      log.error({ id: request.id, err: error }, "request failed");
    if (told.status === 503) reply.header("retry-after", "1");
    reply.code(told.status).send(formatError(told));
  }
}

/** The pattern, not the address: a label that callers choose would let them grow the metrics without end. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "unknown";
}

const quietRoutes = new Set(["/healthz", "/readyz", "/metrics"]);
