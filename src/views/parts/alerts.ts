/** One line for the addresses that AWS has asked to confirm; none when there are none. */
export function unconfirmedLines(emails: readonly string[]): readonly string[] {
  if (emails.length === 0) return [];
  return [
    `NOT CONFIRMED: ${emails.join(", ")} ${emails.length === 1 ? "gets" : "get"} no alerts until the link in AWS's mail is opened. It is valid for two days; after that, infer-deploy up --refresh has another mail sent.`,
  ];
}
