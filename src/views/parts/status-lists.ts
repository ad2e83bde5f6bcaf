import type { StatusDocument } from "../status.ts";

export function instanceLines({ instances }: Pick<StatusDocument, "instances">): readonly string[] {
  if (instances.length === 0) return ["    none"];
  return instances.map(
    ({ id, zone, colour, version, state, target_health: health, reason }) =>
      `    ${id}  ${zone}  ${colour}  ${version ?? "-"}  ${state}  target ${health}${reason === "" ? "" : `  ${reason}`}`,
  );
}

export function alarmLines({ alarms }: Pick<StatusDocument, "alarms">): readonly string[] {
  if (alarms.length === 0) return [];
  const loud = alarms.filter(({ state }) => state !== "OK" && state !== "INSUFFICIENT_DATA");
  return [
    "",
    `  alarms    ${alarms.length}, ${loud.length === 0 ? "none" : loud.length} in ALARM`,
    ...loud.map(({ name, state }) => `    ${name}  ${state}`),
  ];
}
