import fc from "fast-check";
import type { Settings } from "../../src/config/schema/config.ts";

/** Any `network` of a configuration that is valid whatever its other keys are. */
export const networkArbitrary: fc.Arbitrary<NonNullable<Settings["network"]>> = fc.record(
  {
    cidr: fc.constantFrom("10.42.0.0/16", "192.168.7.0/24", "10.0.0.0/20"),
    zones: fc.constantFrom(2 as const, 3 as const),
    // Without endpoints, which want instances.machine_image.
    egress: fc.constantFrom("public" as const, "nat" as const, "nat-per-zone" as const),
    flow_logs: fc.constantFrom("none" as const, "refused" as const, "all" as const),
    internal: fc.boolean(),
    allow: fc.uniqueArray(block(), { minLength: 1, maxLength: 25 }),
  },
  { requiredKeys: [] },
);

/** All of the same size, so that different ones have no address in common. */
function block(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 1, max: 126 }), fc.integer({ min: 0, max: 255 }))
    .map(([first, second]) => `${first}.${second}.0.0/16`);
}
