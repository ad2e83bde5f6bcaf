import { expect, test } from "vitest";
import { isPassing } from "./passing.ts";
import { readEvents } from "./read-events.ts";

const wanted = { group: "/app", prefix: "", from: 1000, token: undefined };

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error("refused"), { name }, more);
}

test("a page has its events and says where the next one begins", async () => {
  const inputs: object[] = [];
  const logs = {
    send: async ({ input }: { input: object }) => {
      inputs.push(input);
      return {
        events: [{ eventId: "7", logStreamName: "i-1/blue/v1", timestamp: 5, message: "hello" }],
        nextToken: "more",
      };
    },
  };
  expect(await readEvents(logs as never, { ...wanted, prefix: "i-1", token: "here" })).toEqual({
    events: [{ id: "7", stream: "i-1/blue/v1", at: 5, message: "hello" }],
    next: "more",
  });
  expect(inputs).toEqual([
    { logGroupName: "/app", logStreamNamePrefix: "i-1", startTime: 1000, nextToken: "here" },
  ]);
});

test("a group that is gone is named, with the command that makes it again", async () => {
  const send = async () => {
    throw named("ResourceNotFoundException");
  };
  await expect(readEvents({ send } as never, wanted)).rejects.toMatchObject({
    message: "The log group /app does not exist.",
    next: "infer-deploy up --refresh creates it again",
  });
});

test.each([
  [named("ThrottlingException"), true],
  [named("ServiceUnavailableException", { $fault: "server" }), true],
  [named("Error", { code: "ECONNRESET" }), true],
  [named("AccessDeniedException", { $fault: "client" }), false],
  [named("InvalidParameterException", { $fault: "client" }), false],
])("whether %s may pass: %s", (error, passes) => {
  expect(isPassing(error)).toBe(passes);
});
