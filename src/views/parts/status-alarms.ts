/** How many alarms there are, and each one that is on or missing. */
export function alarmLines({
  alarms,
}: {
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
}): readonly string[] {
  if (alarms.length === 0) return [];
  const loud = alarms.filter(({ state }) => state !== "OK" && state !== "INSUFFICIENT_DATA");
  return [
    "",
    `  alarms    ${alarms.length}, ${loud.length === 0 ? "none" : loud.length} in ALARM`,
    ...loud.map(({ name, state }) => `    ${name}  ${state}`),
  ];
}
