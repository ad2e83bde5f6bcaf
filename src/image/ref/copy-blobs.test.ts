import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { copyBlobs } from "./copy-blobs.ts";
import { openRepository } from "./registry.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A registry that has one large part, and makes it up as it is read. */
async function serveZeros(size: number): Promise<string> {
  const chunk = Buffer.alloc(65_536);
  return serve((_, response) => {
    response.setHeader("content-length", size);
    let sent = 0;
    const more = (): void => {
      while (sent < size) {
        sent += chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  });
}

test("a part that is larger than the memory passes as a stream", async () => {
  const size = 5000 * 65_536;
  let peak = 0;
  let received = 0;
  const target = await serve((request, response) => {
    request.on("data", (chunk: Buffer) => {
      received += chunk.length;
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    });
    request.on("end", () => {
      const status = { HEAD: 404, POST: 202, PATCH: 202, PUT: 201 }[request.method ?? ""] ?? 400;
      response.writeHead(status, { location: "/upload" }).end();
    });
  });
  const { signal } = new AbortController();
  const open = (host: string, writes: boolean) =>
    openRepository({ fetch, signal }, { host, repository: "app", login: undefined, writes });
  const before = process.memoryUsage().arrayBuffers;
  const copied = await copyBlobs(
    open(await serveZeros(size), false),
    open(target, true),
    { blobs: [{ digest: "sha256:zeros", size }] },
    { canMount: false, sleep: async () => undefined, onBytes: () => undefined },
  );
  expect(copied.passed).toBe(size);
  expect(received).toBe(size);
  expect(peak - before).toBeLessThan(size / 2);
});
