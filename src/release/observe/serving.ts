import type { Target } from "../../target/target.ts";
import { CommandError } from "../../errors/command-error.ts";
import { readReleases } from "../../state/release-history.ts";
import { observeFleet, type FleetSnapshot } from "./observe.ts";
import type { ReleaseRecord } from "../../state/records.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { activeRelease } from "../../views/status-document.ts";

/** What serves now, and everything that a release is decided by. */
export interface Serving {
  readonly fleet: FleetSnapshot;
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
  readonly active: ReleaseRecord;
}

/** Throws CommandError when nothing has ever served. */
export async function readServing(
  target: Target,
  stack: StackRecord,
  records = 10,
): Promise<Serving> {
  const [fleet, releases] = await Promise.all([
    observeFleet(target, stack),
    readReleases(target.store, records),
  ]);
  const active = activeRelease({ weights: fleet.weights, releases });
  if (active === undefined) {
    throw new CommandError(`No release of ${stack.name} (${stack.environment}) serves yet.`, {
      next: "infer-deploy up makes the first one",
    });
  }
  return { fleet, releases, active };
}
