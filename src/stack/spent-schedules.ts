import { momentOf } from "../config/fields/time/moment.ts";
import type { Schedule } from "../config/schema/fleet/scaling.ts";
import { lastToFire } from "./present-minimum.ts";

/**
 * Places in the list of the one-time schedules that are past and say nothing any more. The one that fired last still says how many instances
 * there are, until the next one; without a next one it should be instances.min. One of half a year ago has a wrong year.
 */
export function spentSchedules(schedules: readonly Schedule[], now: Date): readonly number[] {
  const present = lastToFire(schedules, now);
  const isLast = !schedules.some((one) => one.cron !== null || isToCome(one, now));
  return schedules.flatMap((one, place) => {
    if (one.at === null || isToCome(one, now)) return [];
    return one === present && !isLast && ageOf(one, now) < longest ? [] : [place];
  });
}

/** Milliseconds. */
function ageOf({ at, timeZone }: Schedule, now: Date): number {
  return now.getTime() - (momentOf(at ?? "", timeZone)?.getTime() ?? 0);
}

function isToCome({ at, timeZone }: Schedule, now: Date): boolean {
  return at !== null && (momentOf(at, timeZone)?.getTime() ?? 0) > now.getTime();
}

const longest = 180 * 24 * 3600 * 1000;
