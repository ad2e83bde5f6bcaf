import type { Launch } from "../../aws/describe-launches.ts";
import type { Colour } from "../../stack/colour.ts";
import { judgeLaunches, type LaunchVerdict } from "../observe/launches.ts";
import type { ColourGroup } from "../observe/snapshot.ts";
import type { Fleet } from "../parts.ts";

/** Judges the launches of one rollout. */
export interface LaunchWatch {
  /**
   * Remembers the launches that there are already, which are not this rollout's. Call it before the first change and before each look;
   * it asks AWS until it knows them. Never throws.
   */
  readonly begin: () => Promise<void>;
  readonly judge: (group: Pick<ColourGroup, "launches" | "zones">) => LaunchVerdict;
}

/** AWS's clock and this machine's may differ, so ids tell launches apart, and failures are timed here. */
export function createLaunchWatch(
  fleet: Pick<Fleet, "launches">,
  colour: Colour,
  now: () => Date,
): LaunchWatch {
  let before: ReadonlySet<string> | undefined;
  let failing: number | undefined;
  return {
    begin: async () => {
      before ??= await fleet.launches(colour).then(idsOf, () => undefined);
    },
    judge: ({ launches, zones }) => {
      const own = before === undefined ? [] : launches.filter(({ id }) => !before?.has(id));
      const at = now().getTime();
      const seconds = failing === undefined ? 0 : (at - failing) / 1000;
      const verdict = judgeLaunches(own, zones, seconds);
      failing = verdict.verdict === "fine" ? undefined : (failing ?? at);
      return verdict;
    },
  };
}

function idsOf(launches: readonly Launch[]): ReadonlySet<string> {
  return new Set(launches.map(({ id }) => id));
}
