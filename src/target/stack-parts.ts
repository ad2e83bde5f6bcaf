import { emptyCache } from "../aws/empty-cache.ts";
import { readParameter, writeParameter } from "../aws/parameters.ts";
import { describeAlarms } from "../aws/alarms/describe-alarms.ts";
import type { AwsClients } from "../aws/clients.ts";
import {
  clearGroup,
  describeGroups,
  endInstances,
  enterStandby,
  exitStandby,
  keepGroup,
  retireGroupIn,
  setBalancing,
  setCapacity,
} from "../aws/fleet.ts";
import { recentLaunches } from "../aws/describe-launches.ts";
import { isNoListener } from "../aws/listener/listeners.ts";
import { followDefault, pausedAnswer, putPause, removePause } from "../aws/listener/pause-rules.ts";
import { listenerWeights, setListenerWeights, targetHealth } from "../aws/load-balancer.ts";
import { blockingRule } from "../aws/blocking-rule.ts";
import { setAlarmMessages } from "../aws/alarms/mute-alarms.ts";
import { closeProbeRules, openProbeRule, probeHeader } from "../aws/listener/probe-rule.ts";
import { hasSchedules, putSchedules, type Schedules } from "../aws/scaling/schedules.ts";
import { setScaling } from "../aws/scaling/set-scaling.ts";
import { listSecrets, secretVersions } from "../aws/secrets/list-secrets.ts";
import type {
  Alarms,
  Barrier,
  Cache,
  Door,
  Firewall,
  Fleet,
  Parts,
  Pointers,
  Secrets,
} from "../release/parts.ts";
import { allAlarms } from "../release/observe/alarms.ts";
import { colours, otherColour } from "../stack/colour.ts";
import type { AppliedFacts, FleetOutputs, StackOutputs } from "../state/stack-record.ts";
import { parseTraffic } from "../state/traffic.ts";
import { createMachineParts, type MachineDeps } from "./machine/machine-parts.ts";

export interface PartSchedules extends Schedules {
  /** The fewest instances now. */
  readonly minimum: () => number;
}

/** What a release works with, on AWS: the clients with the stack's own names. */
export function createParts(
  deps: MachineDeps & { readonly aws: AwsClients },
  outputs: StackOutputs,
  schedules: PartSchedules = noSchedules,
): Parts {
  const { aws } = deps;
  return {
    ...("machine" in outputs
      ? createMachineParts(deps, outputs)
      : {
          fleet: createFleet(aws, outputs, schedules),
          door: createDoor(aws, outputs),
          barrier: createBarrier(aws, outputs),
        }),
    alarms: createAlarms(aws),
    cache: createCache(aws, outputs),
    pointers: createPointers(aws, outputs),
  };
}

function createFleet(
  aws: Pick<AwsClients, "autoScaling">,
  { autoscaling_group_names: names }: Pick<FleetOutputs, "autoscaling_group_names">,
  schedules: PartSchedules,
): Fleet {
  return {
    groups: async () => {
      const found = await describeGroups(await aws.autoScaling(), Object.values(names));
      return Object.fromEntries(
        colours.flatMap((colour) => {
          const group = found.find(({ name }) => name === names[colour]);
          return group === undefined ? [] : [[colour, group]];
        }),
      );
    },
    launches: async (colour) => recentLaunches(await aws.autoScaling(), names[colour]),
    scale: async (colour, capacity) =>
      setCapacity(await aws.autoScaling(), names[colour], capacity),
    clear: async (colour) => clearGroup(await aws.autoScaling(), names[colour]),
    end: async (instances) => endInstances(await aws.autoScaling(), instances),
    retireIn: async (colour, seconds) =>
      retireGroupIn(await aws.autoScaling(), names[colour], seconds),
    keep: async (colour) => keepGroup(await aws.autoScaling(), names[colour]),
    setScaling: async (serving, isOn) => {
      const groups = { serving: names[serving], idle: names[otherColour(serving)] };
      const autoScaling = await aws.autoScaling();
      // Before its scheduled actions may run again.
      if (isOn) await putSchedules(autoScaling, groups.idle, noSchedules);
      await setScaling(autoScaling, groups, isOn);
      if (!isOn) return;
      await putSchedules(autoScaling, groups.serving, schedules);
      // One may have fired while they rested.
      if (schedules.list.length > 0) {
        await setCapacity(autoScaling, groups.serving, { min: schedules.minimum() });
      }
    },
    hasSchedules: async (colour) => hasSchedules(await aws.autoScaling(), names[colour], schedules),
    balance: async (colour, isOn) => setBalancing(await aws.autoScaling(), names[colour], isOn),
    enterStandby: async (colour, instances) =>
      enterStandby(await aws.autoScaling(), names[colour], instances),
    exitStandby: async (colour, instances) =>
      exitStandby(await aws.autoScaling(), names[colour], instances),
  };
}

function createDoor(
  aws: Pick<AwsClients, "loadBalancing">,
  {
    listener_arn: listener,
    target_group_arns: groups,
  }: Pick<FleetOutputs, "listener_arn" | "target_group_arns">,
): Door {
  return {
    weights: async () => {
      const weights = await listenerWeights(await aws.loadBalancing(), listener).catch(ifGone);
      return weights === undefined
        ? undefined
        : { blue: weights.get(groups.blue) ?? 0, green: weights.get(groups.green) ?? 0 };
    },
    setWeights: async ({ blue, green }) => {
      const weights = new Map([
        [groups.blue, blue],
        [groups.green, green],
      ]);
      await setListenerWeights(await aws.loadBalancing(), listener, weights);
      // During a pause only a release's own requests reach the service.
      await followDefault(await aws.loadBalancing(), listener);
    },
    health: async (colour) => targetHealth(await aws.loadBalancing(), groups[colour]),
    openProbe: async (colour, token) =>
      openProbeRule(await aws.loadBalancing(), listener, groups[colour], token),
    closeProbe: async () => closeProbeRules(await aws.loadBalancing(), listener),
  };
}

function createBarrier(
  aws: Pick<AwsClients, "cloudWatch" | "loadBalancing">,
  outputs: FleetOutputs,
): Barrier {
  const { listener_arn: listener } = outputs;
  const alarms = allAlarms(outputs);
  return {
    close: async (answer) => {
      // First, because the answer itself sets some of them off.
      await setAlarmMessages(await aws.cloudWatch(), alarms, false);
      await putPause(await aws.loadBalancing(), listener, answer);
    },
    open: async () => {
      await removePause(await aws.loadBalancing(), listener);
      await setAlarmMessages(await aws.cloudWatch(), alarms, true);
    },
    answer: async () => pausedAnswer(await aws.loadBalancing(), listener).catch(ifGone),
  };
}

function createCache(
  aws: Pick<AwsClients, "cloudFront">,
  { cloudfront }: Pick<StackOutputs, "cloudfront">,
): Cache {
  return {
    empty: async (reference) => {
      if (cloudfront === undefined || cloudfront.cached_paths.length === 0) return;
      await emptyCache(await aws.cloudFront(), cloudfront.distribution_id, reference);
    },
  };
}

export function createAlarms(aws: Pick<AwsClients, "cloudWatch">): Alarms {
  return { describe: async (names) => describeAlarms(await aws.cloudWatch(), names) };
}

/** `prefix`: of the stack's names in Secrets Manager. */
export function createSecrets(aws: Pick<AwsClients, "secretsManager">, prefix: string): Secrets {
  return {
    list: async () => listSecrets(await aws.secretsManager(), prefix),
    versions: async (arn) => secretVersions(await aws.secretsManager(), arn),
  };
}

export function createFirewall(aws: Pick<AwsClients, "waf">, outputs: StackOutputs): Firewall {
  return {
    blockingRule: async (time) =>
      "machine" in outputs
        ? undefined
        : blockingRule(await aws.waf(), outputs.load_balancer_arn, probeHeader, time),
  };
}

/** Of a stack, or of the known outputs of an older stack.json. */
export async function stackWeights(
  aws: Pick<AwsClients, "loadBalancing" | "ssm">,
  outputs: AppliedFacts["outputs"],
): Promise<Awaited<ReturnType<Door["weights"]>>> {
  if (!("machine" in outputs)) return createDoor(aws, outputs).weights();
  const { traffic } = outputs.machine.parameters;
  const text = await readParameter(await aws.ssm(), traffic);
  return text === undefined ? undefined : parseTraffic(text, traffic).weights;
}

function createPointers(
  aws: Pick<AwsClients, "ssm">,
  { release_pointers: names }: Pick<StackOutputs, "release_pointers">,
): Pointers {
  return {
    write: async (colour, pointer) =>
      writeParameter(await aws.ssm(), names[colour], JSON.stringify(pointer)),
  };
}

function ifGone(error: unknown): undefined {
  if (isNoListener(error)) return undefined;
  throw error;
}

const noSchedules: PartSchedules = { list: [], hasPolicy: false, minimum: () => 0 };
