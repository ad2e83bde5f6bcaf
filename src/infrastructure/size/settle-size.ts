import type { Barrier } from "../../release/parts.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { readPause } from "../../state/pause.ts";
import { applyMinimum, lowerMinimum, needsMinimum, type MinimumDeps } from "./apply-minimum.ts";
import { applyScaling, type ScalingDeps } from "./apply-scaling.ts";
import { keepPause, sleeps, wakesOtherwise } from "./while-paused.ts";

export interface SizeDeps extends MinimumDeps {
  readonly barrier: Pick<Barrier, "close">;
  readonly fleet: MinimumDeps["fleet"] & ScalingDeps["fleet"];
  readonly store: ObjectStore;
}

/** Whether `settleSize` would change something. */
export async function needsSize(deps: SizeDeps, min: number): Promise<boolean> {
  const stored = await readPause(deps.store);
  return sleeps(stored) ? wakesOtherwise(stored, min) : needsMinimum(deps, min);
}

/** Sets a lower minimum before Terraform sets the maximum. Resolves to whether it did; a sleeping stack has no minimum. */
export async function lowerSize(deps: SizeDeps, min: number): Promise<boolean> {
  return !sleeps(await readPause(deps.store)) && lowerMinimum(deps, min);
}

/**
 * After an apply: the serving colour has this minimum, or a sleeping stack will wake with it. The colour follows its policies, except during a
 * pause, and users who get a pause's answer still get it. Resolves to whether the minimum changed. Call it with the lock held.
 */
export async function settleSize(deps: SizeDeps, min: number): Promise<boolean> {
  const stored = await readPause(deps.store);
  const kept = await keepPause(deps, stored, min);
  if (sleeps(stored)) return kept;
  if (stored === undefined) await applyScaling(deps);
  return applyMinimum(deps, min);
}
