import { lastFired } from "../config/fields/time/cron.ts";
import { momentOf } from "../config/fields/time/moment.ts";
import type { Config } from "../config/schema/config.ts";
import type { Schedule } from "../config/schema/fleet/scaling.ts";

/**
 * The fewest instances that the serving colour should have at a moment: those of the schedule that fired last, and instances.min without
 * schedules. So a release, and the repair of one, are right also when a schedule fired in the middle.
 */
export function presentMinimum(
  {
    instances,
    scaling,
  }: { readonly instances: Pick<Config["instances"], "min"> } & Pick<Config, "scaling">,
  now: Date,
): number {
  return lastToFire(scaling.schedules, now)?.min ?? instances.min;
}

/** The schedule that fired last before a moment; undefined when none has. */
export function lastToFire(schedules: readonly Schedule[], now: Date): Schedule | undefined {
  const fired = schedules.flatMap((schedule) => {
    const at = lastTime(schedule, now);
    return at === null ? [] : [{ at: at.getTime(), schedule }];
  });
  return fired.toSorted((one, other) => other.at - one.at)[0]?.schedule;
}

function lastTime({ cron, at, timeZone }: Schedule, now: Date): Date | null {
  if (cron !== null) return lastFired(cron, timeZone, now);
  const moment = at === null ? null : momentOf(at, timeZone);
  return moment !== null && moment <= now ? moment : null;
}
