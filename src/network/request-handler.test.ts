import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createAwsClients } from "../aws/clients.ts";
import { describeAlarms } from "../aws/describe-alarms.ts";
import { createRequestHandler } from "./request-handler.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const limits = { connectionTimeout: 200, requestTimeout: 300, socketTimeout: 300 };

test("a server that accepts and says nothing is an error, after as many tries as any other", async () => {
  let asked = 0;
  const aws = await clients(() => {
    asked += 1;
  });
  await expect(describeAlarms(await aws.cloudWatch(), ["a"])).rejects.toMatchObject({
    name: "TimeoutError",
  });
  expect(asked).toBe(5);
});

test("a connection that goes silent in the middle of its answer is an error too", async () => {
  const aws = await clients((_, answer) => {
    answer.writeHead(200, { "content-length": "100" });
    answer.write("{");
  });
  await expect(describeAlarms(await aws.cloudWatch(), ["a"])).rejects.toThrow(/timed out|aborted/);
});

test("one dead connection is survived", async () => {
  let asked = 0;
  const aws = await clients((_, answer) => {
    asked += 1;
    if (asked > 1) answer.end("{}");
  });
  expect(await describeAlarms(await aws.cloudWatch(), ["a"])).toEqual([
    { name: "a", state: "MISSING", reason: "" },
  ]);
});

async function clients(handle: RequestListener) {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return createAwsClients({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    requestHandler: await createRequestHandler({}, undefined, limits),
  });
}
