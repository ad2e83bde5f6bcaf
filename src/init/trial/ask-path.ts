import { request } from "node:http";

/** The status of a GET on this machine's loopback address; null when there is no answer within five seconds. */
export async function askPath(port: number, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const question = request(
      {
        ...{ host: "127.0.0.1", port, path, agent: false },
        // As a load balancer's health check: by address, without a name that the app knows.
        headers: { connection: "close", "user-agent": "infer-deploy-init" },
        signal: AbortSignal.timeout(answerMilliseconds),
      },
      (answer) => {
        resolve(answer.statusCode ?? null);
        answer.destroy();
      },
    );
    question.on("error", () => {
      resolve(null);
    });
    question.end();
  });
}

const answerMilliseconds = 5000;
