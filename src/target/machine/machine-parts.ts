import { recentLaunches } from "../../aws/describe-launches.ts";
import type { AwsClients } from "../../aws/clients.ts";
import { setCapacity, type GroupSnapshot } from "../../aws/fleet.ts";
import { setAlarmMessages } from "../../aws/alarms/mute-alarms.ts";
import type { Clock } from "../../process/clock.ts";
import { releaseAlarms } from "../../release/observe/alarms.ts";
import type { Barrier, Door, Fleet } from "../../release/parts.ts";
import { colours, otherColour, type Colour } from "../../stack/colour.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import type { SingleOutputs } from "../../state/stack-record.ts";
import type { Traffic } from "../../state/traffic.ts";
import { doorTrouble } from "./door-trouble.ts";
import { machineGroup, machineReport } from "./machine-report.ts";
import { createTrafficControl, type TrafficControl } from "./traffic-control.ts";

export interface MachineDeps {
  readonly aws: Pick<AwsClients, "autoScaling" | "cloudWatch" | "ssm">;
  /** Holds the machine's reports. */
  readonly store: Pick<ObjectStore, "get">;
  readonly clock: Pick<Clock, "now" | "sleep">;
}

interface Machine extends MachineDeps {
  readonly outputs: SingleOutputs;
  readonly traffic: TrafficControl;
}

/**
 * One machine, as the parts that a release changes. Each colour is one container on it, which counts as an instance: its id is the machine's
 * with the colour, such as `i-0123-blue`. Changes go to the parameter that the machine's door follows.
 */
export function createMachineParts(
  deps: MachineDeps,
  outputs: SingleOutputs,
): { readonly fleet: Fleet; readonly door: Door; readonly barrier: Barrier } {
  const machine = { ...deps, outputs, traffic: machineTraffic(deps, outputs) };
  return {
    fleet: createFleet(machine),
    door: createDoor(machine),
    barrier: createBarrier(machine),
  };
}

/** What the machine's door follows. */
export function machineTraffic(deps: MachineDeps, outputs: SingleOutputs): TrafficControl {
  return createTrafficControl({
    ssm: deps.aws.ssm,
    clock: deps.clock,
    parameter: outputs.machine.parameters.traffic,
    report: async () => machineReport(deps, outputs),
  });
}

function createFleet({ aws, clock, outputs, traffic }: Machine): Fleet {
  const runs = ({ slots }: Traffic, colour: Colour): boolean => {
    const { run, until } = slots[colour];
    return run && (until === null || until * 1000 > clock.now().getTime());
  };
  const set = async (colour: Colour, slot: Partial<Traffic["slots"]["blue"]>): Promise<void> => {
    await traffic.change(({ slots }) => ({
      slots: { ...slots, [colour]: { ...slots[colour], ...slot } },
    }));
  };
  const power = async (size: 0 | 1): Promise<void> =>
    setCapacity(await aws.autoScaling(), outputs.machine.group, { min: size, desired: size });
  /** A machine on which nothing runs is not paid for. */
  const stop = async (colour: Colour): Promise<void> => {
    await set(colour, { run: false, until: null });
    const now = await traffic.read();
    if (now === undefined || !runs(now, otherColour(colour))) await power(0);
  };
  return {
    groups: async () => {
      const [found, now] = await Promise.all([machineGroup(aws, outputs), traffic.read()]);
      if (found === undefined || now === undefined) return {};
      return Object.fromEntries(
        colours.map((colour) => [colour, colourGroup(found, colour, runs(now, colour))]),
      );
    },
    launches: async () => recentLaunches(await aws.autoScaling(), outputs.machine.group),
    scale: async (colour, { desired }) => {
      if (desired === undefined) return;
      if (desired === 0) return stop(colour);
      await set(colour, { run: true });
      await power(1);
    },
    clear: stop,
    end: async (instances) => {
      for (const colour of colours) {
        if (instances.some((id) => id.endsWith(`-${colour}`))) await stop(colour);
      }
    },
    retireIn: async (colour, seconds) =>
      set(colour, { until: Math.round(clock.now().getTime() / 1000) + seconds }),
    keep: async (colour) => {
      const now = await traffic.read();
      if (now !== undefined) await set(colour, { run: runs(now, colour), until: null });
    },
    // There is nothing that scales, and one zone at a time.
    setScaling: async () => undefined,
    hasSchedules: async () => true,
    balance: async () => undefined,
    enterStandby: async () => noStandby(),
    exitStandby: async () => noStandby(),
  };
}

function createDoor({ aws, outputs, store, traffic }: Machine): Door {
  return {
    weights: async () => (await traffic.read())?.weights,
    setWeights: async (weights) => traffic.settle(() => ({ weights })),
    health: async (colour) => {
      const report = await machineReport({ aws, store }, outputs);
      if (report === undefined) return [];
      const { state, reason } = report.slots[colour];
      return [{ instance: slotId(report.instance, colour), state, reason }];
    },
    openProbe: async (colour, token) => traffic.settle(() => ({ probe: { colour, token } })),
    closeProbe: async () => traffic.settle(() => ({ probe: null })),
    trouble: async () => {
      const report = await machineReport({ aws, store }, outputs);
      return report === undefined ? undefined : doorTrouble(report, outputs.machine.address);
    },
  };
}

function createBarrier({ aws, outputs, traffic }: Machine): Barrier {
  // A full disk counts in maintenance too.
  const alarms = releaseAlarms(outputs);
  return {
    close: async ({ body, contentType, retryAfterSeconds, token }) => {
      // First, because the answer itself sets some of them off.
      await setAlarmMessages(await aws.cloudWatch(), alarms, false);
      const pause = { body, content_type: contentType, retry_after: retryAfterSeconds, token };
      await traffic.settle(() => ({ pause }));
    },
    open: async () => {
      await traffic.settle(() => ({ pause: null }));
      await setAlarmMessages(await aws.cloudWatch(), alarms, true);
    },
    answer: async () => {
      const pause = (await traffic.read())?.pause;
      return pause === null || pause === undefined
        ? undefined
        : { body: pause.body, contentType: pause.content_type };
    },
  };
}

function colourGroup(group: GroupSnapshot, colour: Colour, isOn: boolean): GroupSnapshot {
  const size = isOn ? 1 : 0;
  return {
    ...group,
    min: size,
    desired: size,
    max: 1,
    instances: isOn
      ? group.instances.map((instance) => ({ ...instance, id: slotId(instance.id, colour) }))
      : [],
  };
}

function slotId(instance: string, colour: Colour): string {
  return `${instance}-${colour}`;
}

function noStandby(): never {
  throw new Error("one machine has no Standby");
}
