import { nextInstanceAddress } from "../../containers/addresses.ts";
import type { SandboxContainer } from "../../containers/list-containers.ts";
import type { InstanceView } from "../observe/region-view.ts";

/** The recorded phase of an instance: its container was created, or was stopped because EC2 stopped the instance. */
export type InstancePhase = "launched" | "halted";

export type InstanceAction =
  | {
      readonly type: "launch";
      readonly id: string;
      readonly region: string;
      readonly address: string;
      readonly instanceType: string;
    }
  | { readonly type: "halt" | "resume" | "remove"; readonly id: string }
  /** The machine failed: terminate it in EC2. Its group, if it has one, starts a replacement. */
  | { readonly type: "give-up"; readonly id: string; readonly region: string };

export interface InstancesSeen {
  /** The regions that answered; containers of other regions are left alone. */
  readonly regions: ReadonlySet<string>;
  readonly instances: readonly InstanceView[];
  readonly containers: readonly SandboxContainer[];
  readonly phases: ReadonlyMap<string, InstancePhase>;
  /** Instances with an earlier action in progress. */
  readonly busy: ReadonlySet<string>;
  readonly subnet: string;
  readonly lastAddress: string | null;
}

/** The actions that bring the containers in line with EC2. */
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
    const { id, region, instanceType } = instance;
    return [{ type: "launch", id, region, address, instanceType }];
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
  // A container that is gone or dead is a failed machine: starting it again would hide the failure.
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
