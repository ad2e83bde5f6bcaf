import type { Look, Member } from "../strategy/machine.ts";
import type { Pace } from "../strategy/step.ts";

/** Milliseconds from a step's beginning to its first look. The effect of the change before it often shows at once. */
export const soonest = 100;

/** Milliseconds between two looks in general. The rate of AWS calls and the probes' window depend on it. */
const usual = 1000;

/** Milliseconds between two looks while every container is healthy and only the load balancer's next check is missing. */
const near = 500;

/**
 * Milliseconds until the next look. `looks`: how many looks the step has had. A step that only waits for good answers looks sooner while
 * they are good, and doubles the pause each time. After a bad answer the pause is a second, so that the number of failures that end a
 * release always spans the same time.
 */
export function untilNextLook(
  pace: Pace,
  look: Pick<Look, "probes" | "members">,
  looks: number,
): number {
  switch (pace) {
    case "health":
      return isNear(look.members ?? []) ? near : usual;
    case "answers": {
      const isGood = look.probes.length > 0 && look.probes.every((probe) => probe.good);
      return isGood ? Math.min(usual, soonest * 2 ** looks) : usual;
    }
    case "usual":
      return usual;
  }
}

function isNear(members: readonly Member[]): boolean {
  return members.length > 0 && members.every(({ ready }) => ready);
}
