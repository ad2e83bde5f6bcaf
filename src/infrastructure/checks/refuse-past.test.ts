import { expect, test } from "vitest";
import { refusePast } from "./refuse-past.ts";

const at = (time: string, min: number) => ({
  cron: null,
  at: time,
  timeZone: "Europe/Berlin",
  min,
});
const past = at("2025-11-27 08:00", 10);
const now = new Date("2026-11-27T12:00:00Z");
const configOf = (...schedules: ReturnType<typeof at>[]) => ({
  config: { scaling: { schedules }, instances: { min: 2 } },
  placeOf: (path: readonly (string | number)[]) => `f.yml:${path.join(".")}`,
});

test("a time that is past is refused with its line", () => {
  expect(() => {
    refusePast(configOf(at("2026-11-27 20:00", 2), past), now);
  }).toThrowError(
    expect.objectContaining({
      exitCode: 64,
      detail: [
        "f.yml:scaling.schedules.1.at  scaling.schedules[1].at: found 2025-11-27 08:00 in Europe/Berlin, which is past, allowed a time to come",
      ],
    }),
  );
});

test("times to come are fine, and so is none", () => {
  refusePast(configOf(at("2026-11-27 20:00", 2)), now);
  refusePast(configOf(), now);
});
