import { expect, test } from "vitest";
import { pauseLines, pauseStatus } from "../../views/parts/status/pause.ts";
import { bodyOf } from "./answer.ts";
import { judgePause, type PauseFacts } from "./judge-pause.ts";

const reason = {
  since: "2026-01-01T00:00:00.000Z",
  who: "ada@laptop",
  message: "later",
  retry_after_seconds: 60,
};
const { body } = bodyOf(reason);
const maintenance = { schema_version: 1 as const, token: "t", maintenance: reason, sleep: null };
const sleepTo = (goal: "asleep" | "awake") => ({
  ...maintenance,
  maintenance: null,
  sleep: { ...reason, goal, size: { min: 2, desired: 2 } },
});
const none: PauseFacts = {
  pause: undefined,
  body: undefined,
  desired: 2,
  instances: 2,
  isBusy: false,
};
const line = (changes: Partial<PauseFacts>): readonly string[] =>
  pauseLines(judgePause({ ...none, ...changes }).map(pauseStatus), () => "3 h").map((one) =>
    one.replace("  paused    ", "").replace(" for 3 h by ada@laptop", ""),
  );

test("without a record nothing is paused", () => {
  expect(line({})).toEqual([]);
});

test.each<[string, Partial<PauseFacts>, string]>([
  [
    "maintenance",
    { pause: maintenance, body },
    "maintenance: the address answers 503, infer-deploy maintenance off ends it; users get: later",
  ],
  [
    "maintenance whose run was killed before the answer",
    { pause: maintenance },
    "maintenance: INTERRUPTED on its way, THE SERVICE ANSWERS; infer-deploy maintenance on completes it, infer-deploy maintenance off undoes it; users get: later",
  ],
  [
    "maintenance that begins now",
    { pause: maintenance, isBusy: true },
    "maintenance: it begins or ends now, THE SERVICE ANSWERS; users get: later",
  ],
  [
    "maintenance with an older message",
    { pause: maintenance, body: "old" },
    "maintenance: INTERRUPTED on its way, THE SERVICE ANSWERS; infer-deploy maintenance on completes it, infer-deploy maintenance off undoes it; users get: later",
  ],
  [
    "a sleep",
    { pause: sleepTo("asleep"), body, desired: 0, instances: 0 },
    "asleep: the address answers 503, infer-deploy wake ends it; users get: later",
  ],
  [
    "a sleep with an instance that still runs",
    { pause: sleepTo("asleep"), body, desired: 0, instances: 1 },
    "asleep: INTERRUPTED on its way, the address answers 503; infer-deploy sleep completes it, infer-deploy wake undoes it; users get: later",
  ],
  [
    "a wake that was killed",
    { pause: sleepTo("awake"), body },
    "asleep: INTERRUPTED on its way, the address answers 503; infer-deploy wake completes it, infer-deploy sleep undoes it; users get: later",
  ],
  [
    "a wake",
    { pause: sleepTo("awake"), body, isBusy: true },
    "asleep: it wakes up now, the address answers 503; users get: later",
  ],
])("%s", (_, changes, text) => {
  expect(line(changes)).toEqual([text]);
});
