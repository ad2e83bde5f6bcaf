import type { ServerResponse } from "node:http";
import { ApiError } from "./api-error.ts";

/** Calls back with the reason when the answer is no longer needed. Call the returned function when the answer is known. */
export type WatchRequest = (onOver: (reason: ApiError) => void) => () => void;

/**
 * Ends when the time is up (503) or the caller has hung up (499). Fastify's own `request.signal` and `handlerTimeout` (5.12) listen to
 * the request's "close", which Node emits as soon as a body has been read.
 */
export function watchRequest(response: ServerResponse, milliseconds: number): WatchRequest {
  return (onOver) => {
    const timer = setTimeout(() => {
      onOver(
        new ApiError(503, "deadline_exceeded", "There was no answer in time; try again.", {
          retryAfter: 1,
        }),
      );
    }, milliseconds);
    const onClose = (): void => {
      // nginx's status for this. No caller reads the answer, but it is in the log and the metrics.
      onOver(new ApiError(499, "client_closed_request", "The caller has gone."));
    };
    response.on("close", onClose);
    return () => {
      clearTimeout(timer);
      response.off("close", onClose);
    };
  };
}
