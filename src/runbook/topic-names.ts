/** In the order of the list. Each has a file in templates/runbooks. */
export const topics = [
  "deploy",
  "roll-back",
  "unhealthy-release",
  "scaling-limit",
  "certificate",
  "leaked-credential",
  "restore-state",
  "region-failure",
] as const;

export type Topic = (typeof topics)[number];
