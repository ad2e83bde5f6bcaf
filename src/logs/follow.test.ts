import { expect, test } from "vitest";
import { fakeClock } from "../../test/_helpers/fake-clock.ts";
import type { LogEvent } from "../aws/logs/read-events.ts";
import { follow, readSince, type LogSource } from "./follow.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** When an event was written and when CloudWatch begins to show it, in seconds after the start. */
interface Written {
  readonly id: string;
  readonly at: number;
  readonly shown?: number;
}

/** A log group that shows its events late, in pages of two, and at times not at all. */
function world(written: readonly Written[], { ends = 120, ahead = 0 } = {}) {
  const stop = new AbortController();
  const clock = fakeClock(new Date(start + ahead * 1000).toISOString(), () => {
    if (seconds() >= ends) stop.abort(new Error("Ctrl-C"));
  });
  const seconds = (): number => (clock.now().getTime() - start) / 1000 - ahead;
  const failures: Error[] = [];
  const asked: number[] = [];
  const source: LogSource = {
    clock,
    signal: stop.signal,
    isPassing: (error) => error instanceof Error && error.message === "throttled",
    page: async (from, token) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      asked.push((from - start) / 1000);
      const found = written
        .filter(({ at, shown = at }) => shown <= seconds() && start + at * 1000 >= from)
        .toSorted((one, other) => one.at - other.at);
      const first = Number(token ?? 0);
      return {
        events: found.slice(first, first + 2).map(({ id, at }): LogEvent => ({
          ...{ id, stream: "i-1/blue/v1", at: start + at * 1000, message: id },
        })),
        next: first + 2 < found.length ? String(first + 2) : undefined,
      };
    },
  };
  const taken: string[] = [];
  const take = (events: readonly LogEvent[]): boolean => {
    taken.push(...events.map(({ id }) => id));
    return true;
  };
  return { source, failures, asked, taken, take, stop };
}

const from = start - 600_000;

test("all pages are read, in the order of time, and then it ends", async () => {
  const { source, take, taken } = world([
    { id: "b", at: -2 },
    { id: "a", at: -3 },
    { id: "c", at: -1 },
    { id: "later", at: 5 },
  ]);
  await readSince(source, from, take);
  expect(taken).toEqual(["a", "b", "c"]);
});

test("what comes is shown once, also when it comes late and out of order", async () => {
  const { source, take, taken } = world([
    { id: "before", at: -5 },
    { id: "one", at: 3, shown: 8 },
    { id: "two", at: 4, shown: 5 },
    { id: "same moment", at: 4, shown: 12 },
    { id: "minutes late", at: 6, shown: 80 },
  ]);
  await follow(source, from, take);
  expect(taken).toEqual(["before", "two", "one", "same moment", "minutes late"]);
});

test("a clock that is three minutes ahead misses nothing", async () => {
  const { source, take, taken } = world([{ id: "one", at: 3, shown: 8 }], { ahead: 180 });
  await follow(source, start, take);
  expect(taken).toEqual(["one"]);
});

test("nothing older than asked for is shown, however far a look reaches back", async () => {
  const { source, take, taken } = world([{ id: "old", at: -9 }]);
  await follow(source, start, take);
  expect(taken).toEqual([]);
});

test("a page that AWS throttles is asked for again, and no event is lost or doubled", async () => {
  const { source, failures, take, taken } = world([
    { id: "a", at: -3 },
    { id: "b", at: -2 },
    { id: "c", at: -1 },
    { id: "d", at: 50 },
  ]);
  failures.push(new Error("throttled"), new Error("throttled"));
  await follow(source, from, take);
  expect(taken).toEqual(["a", "b", "c", "d"]);
});

test("another error ends it", async () => {
  const { source, failures, take } = world([]);
  failures.push(new Error("denied"));
  await expect(follow(source, from, take)).rejects.toThrow("denied");
});

test("a reader who has had enough ends it", async () => {
  const { source, take, taken } = world([
    { id: "a", at: -3 },
    { id: "b", at: -2 },
    { id: "c", at: -1 },
  ]);
  await follow(source, from, (events) => !take(events));
  expect(taken).toEqual(["a", "b"]);
});

test("without --follow, Ctrl-C is its reason for ending", async () => {
  const { source, failures, stop, take } = world([]);
  failures.push(new Error("throttled"));
  stop.abort(new Error("Ctrl-C"));
  await expect(readSince(source, from, take)).rejects.toThrow("Ctrl-C");
});
