import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "../../../../src/process/programs/run.ts";
import { serviceAddress } from "../../containers/addresses.ts";
import { docker } from "../../containers/docker.ts";
import type { SandboxContainer } from "../../containers/list-containers.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";
import type { Chores } from "../chores.ts";
import type { ControllerLog } from "../controller-log.ts";
import type { RegionView } from "../observe/region-view.ts";
import type { Conditions } from "./conditions.ts";
import { instanceScript } from "./instance-scripts.ts";
import {
  type InstanceTask,
  planInstanceWeather,
  type PlannedTask,
} from "./plan-instance-weather.ts";

export interface InstanceWeatherDeps {
  readonly run: Run;
  readonly log: ControllerLog;
  readonly sandbox: SandboxState;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface InstanceWeather {
  /** Starts the tasks that are due and does not wait for them. */
  readonly reconcile: (
    conditions: Conditions,
    regions: readonly RegionView[],
    containers: readonly SandboxContainer[],
  ) => void;
}

/** The weather inside the instances. Without weather it runs nothing. */
export function createInstanceWeather(
  { run, log, sandbox, now }: InstanceWeatherDeps,
  chores: Chores,
): InstanceWeather {
  const done = new Map<string, Set<InstanceTask>>();
  const { subnet } = sandbox.network;
  const addresses = {
    balancer: serviceAddress(subnet, "balancer"),
    registry: serviceAddress(subnet, "registry"),
  };
  const perform = async ({ id, container, task }: PlannedTask) => {
    const script = instanceScript(task, addresses);
    const printed = await docker(run, ["exec", container, "sh", "-ec", script]);
    log.info("instance weather", { id, task, printed: printed.slice(0, 1000) });
    return true;
  };
  const start = async (planned: PlannedTask) => {
    const { id, task } = planned;
    const tasks = done.get(id) ?? new Set();
    done.set(id, tasks.add(task));
    if (task === "close-in-time") tasks.delete("close-late");
    if (task === "close-late") tasks.delete("close-in-time");
    const name = `weather of ${id}`;
    if ((await chores.attempt(name, () => perform(planned))) !== undefined) return;
    await delay(retryMilliseconds);
    tasks.delete(task);
  };
  return {
    reconcile: (conditions, regions, containers) => {
      const instances = regions.flatMap((region) => region.instances);
      const running = new Set(instances.map(({ id }) => id));
      for (const id of done.keys()) if (!running.has(id)) done.delete(id);
      const plan = planInstanceWeather({ conditions, instances, containers, done, now: now() });
      for (const planned of plan) void start(planned);
    },
  };
}

const retryMilliseconds = 3000;
