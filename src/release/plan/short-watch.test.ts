import { expect, test } from "vitest";
import { settleRelease } from "../../config/schema/release.ts";
import { shortWatches } from "./short-watch.ts";

const alarm = (name: string, periodSeconds?: number) => ({
  name,
  state: "OK",
  reason: "",
  ...(periodSeconds === undefined ? {} : { periodSeconds }),
});

const own = [alarm("errors", 60), alarm("latency", 120)];

test("the defaults are long enough for the stack's own alarms", () => {
  const canary = settleRelease({ strategy: "canary" }, "/");
  expect(shortWatches(own, canary)).toEqual([]);
});

test("a watch that ends before the slowest alarm can go off is named, with the time that it needs", () => {
  const short = settleRelease({ strategy: "canary", bake: "3m", canary: { bake: "239s" } }, "/");
  expect(shortWatches(own, short)).toEqual([
    "release.bake is 3m, but the alarm latency needs up to 4m to go off",
    "release.canary.bake is 239s, but the alarm latency needs up to 4m to go off",
  ]);
  expect(shortWatches([...own, alarm("queue", 900)], settleRelease({}, "/"))).toEqual([
    "release.bake is 5m, but the alarm queue needs up to 17m to go off",
  ]);
});

test("no watch at all is what the user wants, and an alarm without a period says nothing", () => {
  expect(shortWatches(own, settleRelease({ bake: "0s" }, "/"))).toEqual([]);
  expect(shortWatches([alarm("composite")], settleRelease({ bake: "1s" }, "/"))).toEqual([]);
  expect(shortWatches([], settleRelease({ bake: "1s" }, "/"))).toEqual([]);
});
