import { CommandError } from "../../errors/command-error.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { readReleases } from "../../state/release-history.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { activeRelease } from "./active-release.ts";
import { observeFleet, type FleetSources } from "./observe-stack.ts";
import type { FleetSnapshot } from "./snapshot.ts";

/** The serving release, and the facts that decide about the next one. */
export interface Serving {
  readonly fleet: FleetSnapshot;
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
  readonly active: ReleaseRecord;
}

/** Throws CommandError when nothing has ever served. */
export async function readServing(
  sources: FleetSources & { readonly store: Pick<ObjectStore, "get" | "list"> },
  stack: Pick<StackRecord, "name" | "environment">,
  records = 10,
): Promise<Serving> {
  const [fleet, releases] = await Promise.all([
    observeFleet(sources),
    readReleases(sources.store, records),
  ]);
  const active = activeRelease({ weights: fleet.weights, releases });
  if (active === undefined) {
    throw new CommandError(`${stack.name} (${stack.environment}) has no good release yet.`, {
      next: "infer-deploy up makes the first one",
    });
  }
  return { fleet, releases, active };
}
