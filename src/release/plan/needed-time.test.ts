import { expect, test } from "vitest";
import { settleRelease } from "../../config/schema/release.ts";
import { neededTime, timeObjection, wayBackSeconds } from "./needed-time.ts";

const health = { timeoutSeconds: 120, drainSeconds: 10, bootTimeoutSeconds: 300 };

test("what moves weights needs its watches and three minutes for the way back", () => {
  const settings = settleRelease({ timeout: "2h" }, "/healthz");
  const stages = [10, 100].map((weight) => ({ weight, bakeSeconds: 600 }));
  expect(neededTime(settings, stages, health, 4)).toEqual({ least: 1380, most: 1800 });
  // An image that takes long to download.
  const slow = { ...health, bootTimeoutSeconds: 1800 };
  expect(neededTime(settings, stages, slow, 4)).toEqual({ least: 1380, most: 3300 });
});

test("a timeout is the most that it needs, not the usual", () => {
  const settings = settleRelease({ timeout: "10m" }, "/healthz");
  const stages = [{ weight: 100, bakeSeconds: 300 }];
  expect(neededTime(settings, stages, health, 4)).toEqual({ least: 480, most: 780 });
});

test("updating in place, each batch drains and starts", () => {
  const settings = settleRelease(
    { strategy: "rolling", bake: "60s", timeout: "2h", rolling: { batch: 2 } },
    "/healthz",
  );
  expect(neededTime(settings, [], health, 5)).toEqual({ least: 270, most: 630 });
});

test("the way back", () => {
  expect(wayBackSeconds({ strategy: "canary" }, 1000)).toBe(180);
  expect(wayBackSeconds({ strategy: "rolling" }, 1000)).toBe(1180);
});

test("the objection has both times, the command and the way out", () => {
  expect(timeObjection(600.4, { least: 1380, most: 1800 }, "aws sso login")).toEqual({
    what: "the AWS credentials end in 10 min, and the release needs them for at least 23 min to be able to roll back",
    next: "aws sso login, then run the same command again; --force begins anyway, and rolls back before they end",
    canForce: true,
  });
});
