import type { ServerResponse } from "node:http";
import { ApiError } from "./api-error.ts";

export interface RequestSignal {
  /** Rejects with an ApiError: 503 when time is up, 499 when the caller has hung up. */
  readonly over: Promise<never>;
  /** To be called when the answer is known. */
  readonly settle: () => void;
}

/**
 * Tells when nobody waits for an answer any more. Fastify's own `request.signal` and `handlerTimeout` (5.12) listen to the request's
 * "close", which Node emits as soon as a body has been read.
 */
export function watchRequest(response: ServerResponse, milliseconds: number): RequestSignal {
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => undefined);
  const timer = setTimeout(() => {
    over.reject(
      new ApiError(503, "deadline_exceeded", "There was no answer in time; try again.", {
        retryAfter: 1,
      }),
    );
  }, milliseconds);
  const onClose = (): void => {
    // The number that nginx gave it. Nobody reads this answer, but the log and the metrics tell of it.
    over.reject(new ApiError(499, "client_closed_request", "The caller has gone."));
  };
  response.once("close", onClose);
  return {
    over: over.promise,
    settle: () => {
      clearTimeout(timer);
      response.off("close", onClose);
    },
  };
}
