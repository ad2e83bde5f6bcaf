import { createConnection } from "node:net";

/**
 * Sends one line of commands (separated by semicolons) to HAProxy's runtime API and returns its answer.
 * Rejects when the load balancer does not answer within four seconds.
 */
export function askBalancer(port: number, commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    let answer = "";
    socket.setEncoding("utf8");
    socket.setTimeout(answerMilliseconds, () =>
      socket.destroy(new Error("the load balancer's runtime API does not answer")),
    );
    socket.once("connect", () => socket.end(`${commands}\n`));
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.once("error", reject);
    socket.once("close", (failed) => {
      if (!failed) resolve(answer);
    });
  });
}

const answerMilliseconds = 4000;
