import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JournalDocument } from "../../src/state/journal.ts";

/** One write of journal.json. */
export type JournalWrite = Pick<JournalDocument, "step" | "phase" | "outcome">;

export interface JournalProxy {
  /** http://127.0.0.1:PORT */
  readonly endpoint: string;
  /**
   * Called with each write of the journal. The write is sent on unless the answer is "drop"; after "hold" its sender gets no answer.
   * If the listener kills the sender, this write is its last.
   */
  readonly onWrite: (listener: (write: JournalWrite) => "pass" | "drop" | "hold") => void;
  /** Called when the answer to a held write has come. */
  readonly onHeld: (listener: () => void) => void;
  readonly close: () => Promise<void>;
}

/** A proxy between a command line and the region's API, which follows the journal. */
export async function openJournalProxy(upstream: string): Promise<JournalProxy> {
  let listener: (write: JournalWrite) => "pass" | "drop" | "hold" = () => "pass";
  let held: () => void = () => undefined;
  const server = createServer((incoming, outgoing) => {
    void relay(incoming, outgoing);
  });
  const relay = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readBody(incoming);
    const write = incoming.method === "PUT" ? journalWrite(incoming.url ?? "", body) : undefined;
    const verdict = write === undefined ? "pass" : listener(write);
    if (verdict === "drop") {
      incoming.socket.destroy();
      return;
    }
    const { hostname, port } = new URL(upstream);
    const forwarded = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        if (verdict === "hold") {
          answer.resume().on("end", () => {
            held();
            incoming.socket.destroy();
          });
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on("error", () => incoming.socket.destroy());
    forwarded.end(body);
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    onWrite: (next) => (listener = next),
    onHeld: (next) => (held = next),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function journalWrite(url: string, body: Buffer): JournalWrite | undefined {
  if (!new URL(url, "http://region").pathname.endsWith("/journal.json")) return undefined;
  // The SDK may send a body in chunks with a trailer.
  const text = body.toString("utf8");
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as JournalWrite;
}
