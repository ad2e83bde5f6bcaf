import { expect, test } from "vitest";
import { createCallWatch, type WatchedClient } from "./watch-calls.ts";

type Call = (args: object) => Promise<object>;
type Wrap = (next: Call, context: { readonly commandName: string }) => Call;

/** A client of which only the two places of the middleware are there. */
function watched(signal = new AbortController().signal) {
  let now = 0;
  const warnings: string[] = [];
  const places: { attempt?: Wrap; call?: Wrap } = {};
  const client: WatchedClient = {
    config: { serviceId: "CloudWatch" },
    middlewareStack: {
      add: (wrap: Wrap) => {
        places.call = wrap;
      },
      addRelativeTo: (wrap: Wrap) => {
        places.attempt = wrap;
      },
    },
  };
  createCallWatch({ now: () => now, warn: (text) => warnings.push(text), signal })(client);
  return {
    warnings,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    attempt: async (refusal?: Error) => {
      const next: Call = async () => {
        if (refusal !== undefined) throw refusal;
        return {};
      };
      try {
        await places.attempt?.(next, { commandName: "" })({});
      } catch {
        // As the client's retries would.
      }
    },
    change: async (next: Call) => {
      const context = { commandName: "ModifyListenerCommand" };
      const attempt = places.attempt?.(next, context) ?? next;
      return places.call?.(attempt, context)({});
    },
    call: async (commandName: string, next: Call) => places.call?.(next, { commandName })({}),
  };
}

const throttled = Object.assign(new Error("Rate exceeded"), { name: "Throttling" });

test("throttling that lasts is reported, once", async () => {
  const { attempt, pass, warnings } = watched();
  for (let second = 0; second < 90; second += 1) {
    await attempt(throttled);
    pass(1);
  }
  expect(warnings).toEqual([
    "AWS is throttling calls of CloudWatch; they are sent again, and this takes longer",
  ]);
});

test("throttling now and then is not", async () => {
  const { attempt, pass, warnings } = watched();
  for (let second = 0; second < 90; second += 1) {
    await attempt(throttled);
    await attempt();
    pass(1);
  }
  expect(warnings).toEqual([]);
});

test("a change that fails after a signal is not sent again, one that begins after it is", async () => {
  const controller = new AbortController();
  const { change } = watched(controller.signal);
  const lost = Object.assign(new Error("no answer"), { name: "TimeoutError" });
  const early = change(async () => {
    controller.abort(new Error("Stopped by Ctrl-C"));
    throw lost;
  });
  await expect(early).rejects.toThrow("Stopped by Ctrl-C");
  await expect(
    change(async () => {
      throw lost;
    }),
  ).rejects.toThrow("no answer");
});

test("a signal ends a read that hangs, and neither a change nor a read that begins later", async () => {
  const controller = new AbortController();
  const { call } = watched(controller.signal);
  let answer: (value: object) => void = () => undefined;
  const hanging: Call = async () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const read = call("DescribeAlarmsCommand", hanging);
  const change = call("ModifyListenerCommand", hanging);
  controller.abort(new Error("Stopped by Ctrl-C"));
  await expect(read).rejects.toThrow("Stopped by Ctrl-C");
  answer({ made: true });
  expect(await change).toEqual({ made: true });
  expect(await call("DescribeAlarmsCommand", async () => ({ later: true }))).toEqual({
    later: true,
  });
});
