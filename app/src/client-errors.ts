import { type IncomingMessage, type Server, STATUS_CODES, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ApiError, formatError } from "./api-error.ts";

/** Answers a request that Node could not read, before any route or hook sees it, in the form of all other errors. */
export function answerUnreadable(error: { readonly code?: string }, socket: Socket): void {
  // The caller has gone, or an answer is already on its way.
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const told = unreadable(error.code);
  const body = JSON.stringify(formatError(told));
  socket.end(
    [
      `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status] ?? ""}`,
      `content-type: ${jsonType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

/** Answers a request with an `Expect` that is not `100-continue`, which Node would answer with 417 and no text. */
export function answerExpectations(server: Server): void {
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    const told = new ApiError(417, "bad_request", "Send no Expect header but 100-continue.");
    const body = JSON.stringify(formatError(told));
    const length = Buffer.byteLength(body);
    response.writeHead(417, { "content-type": jsonType, "content-length": length });
    response.end(body);
  });
}

/** Whether a request lacks the header that HTTP/1.1 requires. */
export function lacksHost({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === "1.1" && headers.host === undefined;
}

/**
 * Calls back when the body has been read, and thrown away: a caller that is still sending would see a closed connection, and no answer.
 * Not later than after a moment, because the body may have no end.
 */
export function afterBody(request: IncomingMessage, answer: () => void): void {
  if (request.complete) {
    answer();
    return;
  }
  const timer = setTimeout(done, readOnMilliseconds);
  request.once("end", done).once("close", done).resume();
  function done(): void {
    clearTimeout(timer);
    request.off("end", done).off("close", done);
    answer();
  }
}

function unreadable(code: string | undefined): ApiError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new ApiError(431, "bad_request", "The headers are too large.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ApiError(408, "request_timeout", "The request did not arrive in time.");
    default:
      return new ApiError(400, "bad_request", "The request is not HTTP.");
  }
}

const jsonType = "application/json; charset=utf-8";
const readOnMilliseconds = 5000;
