import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { createAwsClients } from "../aws/clients.ts";
import { describeAlarms } from "../aws/alarms/describe-alarms.ts";
import { createCallWatch } from "../aws/watch-calls.ts";
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

test("an AWS that fails is asked again, a few times", async () => {
  let asked = 0;
  let failures = 3;
  const aws = await clients((_, answer) => {
    asked += 1;
    answer.statusCode = asked <= failures ? 503 : 200;
    answer.end("{}");
  });
  expect(await describeAlarms(await aws.cloudWatch(), ["a"])).toMatchObject([{ name: "a" }]);
  expect(asked).toBe(4);
  failures = Number.POSITIVE_INFINITY;
  asked = 0;
  await expect(describeAlarms(await aws.cloudWatch(), ["a"])).rejects.toMatchObject({
    $metadata: { httpStatusCode: 503 },
  });
  expect(asked).toBe(5);
});

test("a signal ends a call that hangs: a read at its grace, a change at its first time limit", async () => {
  const controller = new AbortController();
  let asked = 0;
  const aws = await clients(() => {
    asked += 1;
    controller.abort(new Error("Stopped by Ctrl-C"));
  }, controller.signal);
  const ssm = await aws.ssm();
  const began = performance.now();
  await expect(ssm.send(new PutParameterCommand({ Name: "a", Value: "b" }))).rejects.toThrow(
    "Stopped by Ctrl-C",
  );
  expect(asked).toBe(1);
  expect(performance.now() - began).toBeLessThan(2000);
});

async function clients(handle: RequestListener, signal = new AbortController().signal) {
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
    watch: createCallWatch({ now: Date.now, warn: () => undefined, signal }),
  });
}
