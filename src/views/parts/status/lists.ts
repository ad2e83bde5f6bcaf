import type { GpusSeen } from "../../../state/reports/agent-state.ts";
import type { Colour } from "../../../stack/colour.ts";

export interface InstanceStatus {
  readonly id: string;
  readonly zone: string;
  readonly colour: Colour;
  readonly version: string | null;
  readonly state: string;
  readonly target_health: string;
  readonly reason: string;
  /** Memory and use of each GPU in the last minute; null without GPUs. */
  readonly gpus: GpusSeen | null;
}

export interface AlarmStatus {
  readonly name: string;
  readonly state: string;
}

export function instanceLines({
  instances,
}: {
  readonly instances: readonly InstanceStatus[];
}): readonly string[] {
  if (instances.length === 0) return ["    none"];
  return instances.flatMap(
    ({ id, zone, colour, version, state, target_health: health, reason, gpus }) => [
      `    ${id}  ${zone}  ${colour}  ${version ?? "-"}  ${state}  target ${health}${reason === "" ? "" : `  ${reason}`}`,
      ...(gpus === null ? [] : gpuLines(gpus)),
    ],
  );
}

function gpuLines({ devices, xids }: GpusSeen): readonly string[] {
  return [
    ...devices.map(({ index, name, memory_used_mb: used, memory_total_mb: total, ...rest }) => {
      const memory = used === null || total === null ? "" : `  ${used} of ${total} MB`;
      const use = rest.utilisation_percent;
      return `      gpu ${index ?? "?"}  ${name}${memory}${use === null ? "" : `  ${use} % busy`}`;
    }),
    ...(xids.length === 0
      ? []
      : [`      gpu errors (Xid) of the app or passing: ${xids.join(", ")}`]),
  ];
}

export function alarmLines({
  alarms,
}: {
  readonly alarms: readonly AlarmStatus[];
}): readonly string[] {
  if (alarms.length === 0) return [];
  const loud = alarms.filter(({ state }) => state !== "OK" && state !== "INSUFFICIENT_DATA");
  return [
    "",
    `  alarms    ${alarms.length}, ${loud.length === 0 ? "none" : loud.length} in ALARM`,
    ...loud.map(({ name, state }) => `    ${name}  ${state}`),
  ];
}
