import type { Look } from "../strategy/machine.ts";
import type { Pace } from "../strategy/step.ts";

/** Milliseconds from a step's beginning to its first look: what the change before it leads to is often there at once. */
export const soonest = 100;

/** Milliseconds from one look to the next while nothing is about to be over: what AWS is asked, and the window of the probes, count on it. */
const usual = 1000;

/** Milliseconds while every container is healthy, and the load balancer's next check is all that is waited for. */
const near = 500;

/**
 * Milliseconds from the look that was the step's `looks`-th (counted from 1) to the next one. A step that only waits for good answers is
 * looked at sooner as long as they are good, each time after twice as long. One bad answer makes it a second again: how many of them end a release
 * must not depend on when they came.
 */
export function untilNextLook(
  pace: Pace,
  look: Pick<Look, "probes" | "members">,
  looks: number,
): number {
  switch (pace) {
    case "health":
      return look.members.length > 0 && look.members.every(({ ready }) => ready) ? near : usual;
    case "answers": {
      const isGood = look.probes.length > 0 && look.probes.every((probe) => probe.good);
      return isGood ? Math.min(usual, soonest * 2 ** looks) : usual;
    }
    case "usual":
      return usual;
  }
}
