import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { entryUrl, judgeVisit, safeHeaders, sessionCookie } from "./gate.ts";
import type { PageFile } from "./page-files.ts";

/** The page while it is served. */
export interface PageServer {
  /** With the token, which works once. */
  readonly url: string;
  /** Whether a page is open. */
  readonly isOpen: () => boolean;
  /** Resolves when a page is open, or when the server has closed. */
  readonly opened: () => Promise<void>;
  /** Sends an event to each open page. One that opens later gets the newest of each name. */
  readonly send: (event: string, data: object) => void;
  readonly close: () => void;
}

/**
 * Serves the files to the browser that has the token, on loopback only. `port` 0 is a free one. Throws CommandError (64) when the port is
 * taken or not allowed.
 */
export async function servePage(
  files: ReadonlyMap<string, PageFile>,
  port: number,
): Promise<PageServer> {
  const [token, session] = [secret(), secret()];
  const pages = new Set<ServerResponse>();
  const newest = new Map<string, string>();
  let waiting = Promise.withResolvers<void>();
  let isSpent = false;

  const follow = (response: ServerResponse): void => {
    response.writeHead(200, { ...safeHeaders, "content-type": "text/event-stream" });
    response.write(`retry: ${retryMilliseconds}\n\n${[...newest.values()].join("")}`);
    pages.add(response);
    response.on("close", () => pages.delete(response));
    waiting.resolve();
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const verdict = judgeVisit(
      { port: portOf(server), token, session, isSpent },
      {
        method: request.method ?? "",
        url: request.url ?? "",
        host: request.headers.host,
        origin: request.headers.origin,
        site: oneOf(request.headers["sec-fetch-site"]),
        cookie: request.headers.cookie,
      },
    );
    if (verdict.kind === "refuse") {
      end(response, verdict.status, verdict.text);
    } else if (verdict.kind === "exchange") {
      isSpent = true;
      response.setHeader("set-cookie", sessionCookie({ port: portOf(server), session }));
      response.setHeader("location", "/");
      end(response, 303, "");
    } else if (verdict.path === eventsPath) {
      follow(response);
    } else {
      const file = files.get(verdict.path);
      if (file === undefined) return end(response, 404, "");
      response.setHeader("content-type", file.type);
      end(response, 200, file.body);
    }
  };
  const server = createServer(answer);
  await listen(server, port);
  return {
    url: entryUrl({ port: portOf(server), token }),
    isOpen: () => pages.size > 0,
    opened: async () => {
      if (pages.size > 0) return;
      waiting = Promise.withResolvers<void>();
      await waiting.promise;
    },
    send: (event, data) => {
      const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      newest.set(event, text);
      // One that does not read, such as a tab that sleeps, gets the next event instead.
      for (const page of pages) if (!page.writableNeedDrain) page.write(text);
    },
    close: () => {
      waiting.resolve();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  await promise.catch((cause: unknown) => {
    throw new CommandError(`Port ${port} of 127.0.0.1 cannot be used.`, {
      exitCode: exitCodes.usage,
      where: "--port",
      next: "name another port, or leave --port out for a free one",
      cause,
    });
  });
}

function end(response: ServerResponse, status: number, body: string | Buffer): void {
  for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
  if (!response.hasHeader("content-type")) {
    response.setHeader("content-type", "text/plain; charset=utf-8");
  }
  response.statusCode = status;
  response.end(body);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

const eventsPath = "/events";
const retryMilliseconds = 2000;
