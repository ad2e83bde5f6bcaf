import { nextInstanceAddress } from "../../containers/addresses.ts";
import type { SandboxContainer } from "../../containers/list-containers.ts";
import type { InstanceView } from "../observe/region-view.ts";

/** What the state folder says of an instance: its container was made, or was stopped because EC2 said so. */
export type InstancePhase = "launched" | "halted";

export type InstanceAction =
  | {
      readonly type: "launch";
      readonly id: string;
      readonly region: string;
      readonly address: string;
    }
  | { readonly type: "halt" | "resume" | "remove"; readonly id: string }
  /** The machine failed: EC2 is told that it has ended, and its group, if it has one, starts another in its place. */
  | { readonly type: "give-up"; readonly id: string; readonly region: string };

export interface InstancesSeen {
  /** Of the regions that answered; containers of other regions are left alone. */
  readonly regions: ReadonlySet<string>;
  readonly instances: readonly InstanceView[];
  readonly containers: readonly SandboxContainer[];
  readonly phases: ReadonlyMap<string, InstancePhase>;
  /** Instances that an earlier action is still at work on. */
  readonly busy: ReadonlySet<string>;
  readonly subnet: string;
  readonly lastAddress: string | null;
}

/** What has to be done so that the containers are what EC2 says. */
export function planInstances(seen: InstancesSeen): InstanceAction[] {
  const containers = new Map(
    seen.containers.flatMap((container) =>
      container.instance === null ? [] : [[container.instance, container]],
    ),
  );
  const used = new Set(seen.containers.flatMap((container) => container.address ?? []));
  let last = seen.lastAddress;
  const wanted = seen.instances.filter((instance) => !seen.busy.has(instance.id));
  const actions = wanted.flatMap((instance): InstanceAction[] => {
    const action = planOne(instance, containers.get(instance.id), seen.phases.get(instance.id));
    if (action === null) return [];
    if (action === "give-up") return [{ type: action, id: instance.id, region: instance.region }];
    if (action !== "launch") return [{ type: action, id: instance.id }];
    const address = nextInstanceAddress(seen.subnet, used, last);
    if (address === undefined) return [];
    used.add(address);
    last = address;
    return [{ type: "launch", id: instance.id, region: instance.region, address }];
  });
  return [...actions, ...planRemovals(seen)];
}

type Decision = "launch" | "halt" | "resume" | "give-up" | null;

function planOne(
  instance: InstanceView,
  container: SandboxContainer | undefined,
  phase: InstancePhase | undefined,
): Decision {
  if (instance.state === "stopping" || instance.state === "stopped")
    return container?.running === true ? "halt" : null;
  if (container?.running === true) return null;
  if (phase === "halted") return container === undefined ? "give-up" : "resume";
  // A container that was there and is gone or dead is a machine that failed: starting it again would hide that.
  return phase === "launched" || container !== undefined ? "give-up" : "launch";
}

function planRemovals(seen: InstancesSeen): InstanceAction[] {
  const alive = new Set(seen.instances.map((instance) => instance.id));
  return seen.containers.flatMap((container): InstanceAction[] => {
    const id = container.instance;
    if (id === null || alive.has(id) || seen.busy.has(id)) return [];
    if (container.region === null || !seen.regions.has(container.region)) return [];
    return [{ type: "remove", id }];
  });
}
