/** One line for the addresses that AWS has asked to confirm; none when there are none. */
export function unconfirmedLines(emails: readonly string[]): readonly string[] {
  if (emails.length === 0) return [];
  return [
    `NOT CONFIRMED: ${emails.join(", ")} ${emails.length === 1 ? "gets" : "get"} no alerts until the link in AWS's mail is opened. It is valid for two days; after that, infer-deploy up --refresh has another mail sent.`,
  ];
}

/** The alarms of `status`, of which it names those that are on or missing. */
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
