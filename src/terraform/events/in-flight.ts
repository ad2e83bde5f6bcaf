import type { InFlight, TerraformEvent } from "./terraform-events.ts";

/** What is in flight after `event`. */
export function trackInFlight(
  before: readonly InFlight[],
  event: TerraformEvent,
): readonly InFlight[] {
  switch (event.type) {
    case "apply_start":
      return [...before, { address: event.address, action: event.action, since: event.at }];
    case "refresh_start":
      return [...before, { address: event.address, action: "refresh", since: event.at }];
    case "apply_complete":
    case "apply_errored":
    case "refresh_complete":
      return before.filter((entry) => entry.address !== event.address);
    default:
      return before;
  }
}
