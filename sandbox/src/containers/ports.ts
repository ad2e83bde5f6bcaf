import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/**
 * `count` different loopback ports that are free now. They lie below the range that systems use for
 * outgoing connections, so that they are still free when the same sandbox starts again tomorrow.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    while (ports.length < count) {
      const port = randomInt(firstPort, lastPort + 1);
      const server = await hold(port);
      if (server === undefined) continue;
      held.push(server);
      ports.push(port);
    }
    return ports;
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve(server));
  });
}

const firstPort = 20_000;
const lastPort = 31_999;
