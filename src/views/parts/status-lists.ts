import type { Colour } from "../../stack/colour.ts";

export interface InstanceStatus {
  readonly id: string;
  readonly zone: string;
  readonly colour: Colour;
  readonly version: string | null;
  readonly state: string;
  readonly target_health: string;
  readonly reason: string;
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
  return instances.map(
    ({ id, zone, colour, version, state, target_health: health, reason }) =>
      `    ${id}  ${zone}  ${colour}  ${version ?? "-"}  ${state}  target ${health}${reason === "" ? "" : `  ${reason}`}`,
  );
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
