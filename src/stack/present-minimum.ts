import { lastFired } from "../config/fields/cron.ts";
import type { Config } from "../config/schema/config.ts";

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
  const fired = scaling.schedules.flatMap(({ cron, timeZone, min }) => {
    const at = lastFired(cron, timeZone, now);
    return at === null ? [] : [{ at: at.getTime(), min }];
  });
  return fired.toSorted((one, other) => other.at - one.at)[0]?.min ?? instances.min;
}
