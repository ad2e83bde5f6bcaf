import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Watches a server for connections without a request, which browsers and load balancers open in advance. Node counts
 * them as busy, so they would keep a closing server waiting. The returned function ends them, after a moment in which a
 * request that is on its way can still arrive.
 */
export function watchSilentConnections(server: Server): () => void {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return () => {
    setTimeout(() => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    }, graceMilliseconds).unref();
  };
}

const graceMilliseconds = 500;
