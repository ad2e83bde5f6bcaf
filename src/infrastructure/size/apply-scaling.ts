import { readServingColour } from "../../release/observe/serving-colour.ts";
import type { Door, Fleet } from "../../release/parts.ts";
import { readJournal } from "../../state/journal.ts";
import type { ObjectStore } from "../../state/object-store.ts";

export interface ScalingDeps {
  readonly fleet: Pick<Fleet, "setScaling">;
  readonly door: Pick<Door, "weights">;
  readonly store: Pick<ObjectStore, "get">;
}

/**
 * Lets the policies of the serving colour act and those of the other one rest: new groups start with both at rest, and groups of an older
 * stack with both awake. Leaves them to the repair where a release was interrupted. Call it with the lock held.
 */
export async function applyScaling({ fleet, door, store }: ScalingDeps): Promise<void> {
  const journal = await readJournal(store);
  if (journal !== undefined && journal.outcome === null) return;
  await fleet.setScaling((await readServingColour(door)) ?? "blue", true);
}
