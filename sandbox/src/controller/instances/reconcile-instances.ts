import { setTimeout as delay } from "node:timers/promises";
import type { SandboxContainer } from "../../containers/list-containers.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";
import type { Chores } from "../chores.ts";
import type { Conditions } from "../weather/conditions.ts";
import type { RegionView } from "../observe/region-view.ts";
import { applyInstanceAction, type InstanceApplyDeps } from "./apply-instance-action.ts";
import { type InstancesSeen, planInstances } from "./plan-instances.ts";
import { readPhases } from "./instance-records.ts";

/** Read it before the containers are listed: an instance whose launch ended in between would look lost. */
export type Remembered = Pick<InstancesSeen, "phases" | "busy">;

export interface Instances {
  readonly remember: () => Promise<Remembered>;
  /** Starts the necessary actions and does not wait for them. */
  readonly reconcile: (
    state: SandboxState,
    remembered: Remembered,
    regions: readonly RegionView[],
    containers: readonly SandboxContainer[],
    conditions: Conditions,
  ) => void;
}

export function createInstances(
  deps: Omit<InstanceApplyDeps, "state" | "conditions">,
  chores: Chores,
  onChange: () => void,
): Instances {
  const busy = new Set<string>();
  let lastAddress: string | null = null;
  return {
    remember: async () => ({
      busy: new Set(busy),
      phases: await readPhases(deps.folder),
    }),
    reconcile: (state, remembered, regions, containers, conditions) => {
      const actions = planInstances({
        ...remembered,
        regions: new Set(regions.map((region) => region.region)),
        instances: regions.flatMap((region) => region.instances),
        containers,
        subnet: state.network.subnet,
        lastAddress,
      });
      for (const action of actions) {
        busy.add(action.id);
        if (action.type === "launch") lastAddress = action.address;
        const work = async () => {
          const done = await chores.attempt(`instance ${action.id}`, async () => {
            await applyInstanceAction({ ...deps, state, conditions }, action);
            return true;
          });
          // Do not retry a failed action twice a second.
          if (done === undefined) await delay(retryMilliseconds);
          onChange();
          busy.delete(action.id);
        };
        void work();
      }
    },
  };
}

const retryMilliseconds = 3000;
