import type { LoadedConfig } from "../../config/load.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { spentSchedules } from "../../stack/spent-schedules.ts";

/**
 * Throws CommandError (64) for one-time schedules that are past, with their lines. Only what applies a configuration asks: a release at night
 * must not fail because a day is over.
 */
export function refusePast(
  {
    config: {
      scaling: { schedules },
      instances: { min },
    },
    placeOf,
  }: {
    readonly config: {
      readonly scaling: Pick<LoadedConfig["config"]["scaling"], "schedules">;
      readonly instances: Pick<LoadedConfig["config"]["instances"], "min">;
    };
  } & Pick<LoadedConfig, "placeOf">,
  now: Date,
): void {
  const spent = spentSchedules(schedules, now);
  if (spent.length === 0) return;
  const line = (place: number): string => {
    const { at, timeZone } = schedules[place] ?? {};
    const where = placeOf(["scaling", "schedules", place, "at"]);
    return `${where}  scaling.schedules[${place}].at: found ${at} in ${timeZone}, which is past, allowed a time to come`;
  };
  throw new CommandError("A schedule never fires again; nothing was changed.", {
    exitCode: exitCodes.usage,
    detail: spent.map(line),
    next: `correct it, or remove it; afterwards instances.min is what counts without a schedule, now ${min}`,
  });
}
