import { expect, test } from "vitest";
import { createResend } from "./resend.ts";

test("a report is sent when it changes, and repeated after a while", async () => {
  let now = 0;
  const sent: string[] = [];
  const resend = createResend(() => now);
  const send = (name: string, text: string) =>
    resend(name, text, async () => {
      sent.push(`${name} ${text}`);
    });
  await send("health", "a");
  await send("health", "a");
  await send("instances", "a");
  await send("health", "b");
  now += 5000;
  await send("health", "b");
  expect(sent).toEqual(["health a", "instances a", "health b", "health b"]);
});

test("a report that failed is sent again", async () => {
  const resend = createResend(() => 0);
  let tries = 0;
  const send = () =>
    resend("health", "a", async () => {
      tries += 1;
      if (tries === 1) throw new Error("no answer");
    });
  await expect(send()).rejects.toThrow("no answer");
  await send();
  expect(tries).toBe(2);
});
