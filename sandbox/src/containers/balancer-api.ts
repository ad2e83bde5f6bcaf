import { createConnection } from "node:net";
import type { SandboxState } from "../client/sandbox-state.ts";

/**
 * Sends one line of commands (separated by semicolons) to HAProxy's runtime API and returns its answer.
 * Rejects when the load balancer does not answer within four seconds.
 */
export function askBalancer(
  { key, balancer }: Pick<SandboxState, "key" | "balancer">,
  commands: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: "127.0.0.1", port: balancer.runtimePort });
    let answer = "";
    socket.setEncoding("utf8");
    socket.setTimeout(answerMilliseconds, () =>
      socket.destroy(new Error("the load balancer's runtime API does not answer")),
    );
    socket.once("connect", () => {
      socket.write(proxyHeader(key));
      socket.end(`${commands}\n`);
    });
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.once("error", reject);
    socket.once("close", (failed) => {
      if (!failed) resolve(answer);
    });
  });
}

/**
 * The runtime API knows no password, so the key comes as the authority of a PROXY header, which HAProxy compares and removes
 * (The PROXY protocol, version 2, PP2_TYPE_AUTHORITY).
 */
export function proxyHeader(key: string): Buffer {
  const field = Buffer.concat([Buffer.from([authorityType, 0, key.length]), Buffer.from(key)]);
  // TCP over IPv4, from 0.0.0.0:0 to 0.0.0.0:0.
  const body = Buffer.concat([Buffer.alloc(12), field]);
  return Buffer.concat([signature, Buffer.from([0x21, 0x11, 0, body.length]), body]);
}

const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
const authorityType = 2;
const answerMilliseconds = 4000;
