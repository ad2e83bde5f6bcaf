import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHeartbeat, usualPace } from "./heartbeat.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function listen() {
  const beats: number[] = [];
  return { beats, heartbeat: createHeartbeat(usualPace, (silent) => beats.push(silent)) };
}

test("beats after 15 s of silence and again, until something is heard", () => {
  const { beats, heartbeat } = listen();
  vi.advanceTimersByTime(14_999);
  expect(beats).toEqual([]);
  vi.advanceTimersByTime(15_001);
  expect(beats).toEqual([15, 30]);
  heartbeat.touch();
  vi.advanceTimersByTime(14_999);
  expect(beats).toEqual([15, 30]);
  heartbeat.end();
});

test("while it stops, it beats every 10 s whatever is heard", () => {
  const { beats, heartbeat } = listen();
  heartbeat.stopping();
  vi.advanceTimersByTime(6_000);
  heartbeat.touch();
  vi.advanceTimersByTime(4_000);
  vi.advanceTimersByTime(10_000);
  expect(beats).toEqual([4, 14]);
  heartbeat.end();
});

test("says nothing after the end", () => {
  const { beats, heartbeat } = listen();
  heartbeat.end();
  vi.advanceTimersByTime(60_000);
  expect(beats).toEqual([]);
});
