import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/**
 * A place for state over HTTP (https://developer.hashicorp.com/terraform/language/backend/http), which
 * terraform has built in: for what a local file never does, such as being slow, refusing to save, or being
 * locked by another run.
 */
export interface StateServer {
  /** The saved state; empty before the first. */
  state: string;
  /** Who holds the lock, as terraform sent it. */
  lock: string | undefined;
  /** Milliseconds that saving takes. */
  saveMilliseconds: number;
  refusesToSave: boolean;
  refusesToUnlock: boolean;
  refusesToRead: boolean;
  /** Makes the root module in the folder keep its state here. */
  useIn(folder: string): Promise<void>;
  close(): Promise<void>;
}

export async function startStateServer(): Promise<StateServer> {
  const server = createServer((request, response) => {
    void answer(request).then(
      ([code, body]) => response.writeHead(code).end(body),
      () => response.destroy(),
    );
  });

  const answer = async (request: IncomingMessage): Promise<readonly [number, string]> => {
    const body = await readAll(request);
    switch (request.method) {
      case "GET":
        if (place.refusesToRead) return [403, "not you"];
        return place.state === "" ? [404, ""] : [200, place.state];
      case "POST":
        await wait(place.saveMilliseconds);
        if (place.refusesToSave) return [403, "no room"];
        place.state = body;
        return [200, ""];
      case "LOCK":
        if (place.lock !== undefined) return [423, place.lock];
        place.lock = body;
        return [200, ""];
      case "UNLOCK":
        if (place.refusesToUnlock) return [403, "not you"];
        place.lock = undefined;
        return [200, ""];
      default:
        return [405, ""];
    }
  };

  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/state`;
  const place: StateServer = {
    state: "",
    lock: undefined,
    saveMilliseconds: 0,
    refusesToSave: false,
    refusesToUnlock: false,
    refusesToRead: false,
    useIn: async (folder) => {
      const http = { address, lock_address: address, unlock_address: address, retry_max: 0 };
      await writeFile(
        join(folder, "backend.tf.json"),
        JSON.stringify({ terraform: { backend: { http } } }),
      );
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return place;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}
