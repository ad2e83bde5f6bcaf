import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { instanceContainer } from "../../containers/sandbox-names.ts";
import type { ControllerLog } from "../controller-log.ts";
import { createDataChannel } from "./data-channel.ts";
import { sessionProgram, type SandboxSession } from "./session-program.ts";

export interface SessionDeps {
  readonly sandbox: string;
  /** What StartSession has noted; each session is found once. Rejects when there is no such session. */
  readonly find: (id: string) => Promise<SandboxSession>;
  readonly log: Pick<ControllerLog, "info" | "error">;
  readonly now: () => number;
}

/** Serves the streams of Session Manager on loopback until the signal is aborted. Resolves to the port. */
export async function serveSessions(deps: SessionDeps, signal: AbortSignal): Promise<number> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload: 1024 * 1024 });
  server.on("connection", (socket, { url = "" }) => {
    const id = /^\/v1\/data-channel\/([\w-]+)/.exec(url)?.[1] ?? "";
    serve(deps, socket, id).catch((error: unknown) => {
      deps.log.error("session", error);
      socket.close(1008);
    });
  });
  signal.addEventListener("abort", () => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function serve(
  { find, log, now, sandbox }: SessionDeps,
  socket: WebSocket,
  id: string,
): Promise<void> {
  const [first] = (await once(socket, "message")) as [Buffer];
  const { TokenValue: token } = JSON.parse(first.toString()) as { readonly TokenValue?: string };
  const session = await find(id);
  if (token !== session.token) throw new Error(`session ${id} has another token`);
  log.info("session", { id, instance: session.instance, document: session.document });
  let child: ReturnType<typeof spawn> | undefined;
  const channel = createDataChannel({
    session: id,
    now,
    transmit: (data) => socket.send(data),
    onReady: () => {
      const program = sessionProgram(session);
      const container = instanceContainer(sandbox, session.instance);
      child = spawn("docker", ["exec", "-i", container, ...program.argv]);
      child.stdout?.on("data", channel.send);
      child.stderr?.on("data", channel.send);
      child.on("error", (error) => channel.send(Buffer.from(`${error.message}\n`)));
      child.on("close", channel.end);
      child.stdin?.on("error", () => undefined);
      if (!program.takesInput) child.stdin?.end();
    },
    onInput: (data) => child?.stdin?.write(data),
    onStop: () => child?.kill(),
    onEnd: () => socket.close(1000),
  });
  const timer = setInterval(channel.resend, resendMilliseconds);
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) channel.receive(data);
  });
  socket.on("close", () => {
    clearInterval(timer);
    child?.kill();
  });
  channel.open(sessionProgram(session).type);
}

const resendMilliseconds = 100;
