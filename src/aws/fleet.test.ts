import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { retireGroupIn } from "./fleet.ts";

/** Auto Scaling with a clock; what it was asked. */
async function autoScaling(date: string | undefined) {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, answer) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body);
      asked.push(form);
      answer.sendDate = false;
      if (date !== undefined) answer.setHeader("date", date);
      const action = form.get("Action") ?? "";
      answer.setHeader("content-type", "text/xml");
      answer.end(`<${action}Response><${action}Result/></${action}Response>`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const client = new AutoScalingClient({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const startTime = (): number => Date.parse(asked.at(-1)?.get("StartTime") ?? "");
  return { client, startTime };
}

test("a retirement is scheduled by AWS's clock, however wrong this machine's is", async () => {
  const later = new Date(Date.now() + 600_000);
  later.setMilliseconds(0);
  const { client, startTime } = await autoScaling(later.toUTCString());
  await retireGroupIn(client, "app-blue", 60);
  expect(startTime()).toBe(later.getTime() + 60_000);
});

test("an answer without a time leaves this machine's", async () => {
  const { client, startTime } = await autoScaling(undefined);
  const before = Math.floor(Date.now() / 1000) * 1000;
  await retireGroupIn(client, "app-blue", 60);
  expect(startTime()).toBeGreaterThanOrEqual(before + 60_000);
});
