import { expect, test } from "vitest";
import type { InFlight, TerraformEvent } from "./terraform-events.ts";
import { trackInFlight } from "./in-flight.ts";

test("a resource is in flight from its start to its end, however it ends", () => {
  const events: readonly TerraformEvent[] = [
    { type: "refresh_start", address: "a", at: 1 },
    { type: "refresh_complete", address: "a", at: 2 },
    { type: "apply_start", address: "a", action: "create", at: 3 },
    { type: "apply_start", address: "b", action: "delete", at: 4 },
    { type: "apply_progress", address: "a", action: "create", elapsedSeconds: 10, at: 13 },
    { type: "apply_complete", address: "b", action: "delete", elapsedSeconds: 10, at: 14 },
  ];
  const flying = events.reduce<readonly InFlight[]>(trackInFlight, []);
  expect(flying).toEqual([{ address: "a", action: "create", since: 3 }]);
  expect(
    trackInFlight(flying, {
      type: "apply_errored",
      address: "a",
      action: "create",
      elapsedSeconds: 12,
      at: 15,
    }),
  ).toEqual([]);
});
