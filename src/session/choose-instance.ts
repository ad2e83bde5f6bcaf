import { CommandError, exitCodes } from "../errors/command-error.ts";
import { isLive, isReady } from "../release/observe/judge.ts";
import type { FleetSnapshot, InstanceSnapshot } from "../release/observe/snapshot.ts";

/** Where to look inside. On a single machine each slot counts as an instance. */
export interface Place {
  /** As `status` prints it. */
  readonly id: string;
  /** EC2's id. */
  readonly machine: string;
  /** Of a single machine's files and units: `-blue`. Empty on a fleet's instance. */
  readonly slot: string;
}

/**
 * The instance whose id begins so, or else a healthy one of the colour with the most traffic. Throws CommandError: no instance runs (1), the
 * beginning fits none or several (64).
 */
export function chooseInstance(
  { instances, weights }: Pick<FleetSnapshot, "instances" | "weights">,
  asked: string | undefined,
): Place {
  const live = instances.filter(isLive);
  if (live.length === 0) {
    throw new CommandError("No instance runs.", { next: "infer-deploy status" });
  }
  if (asked !== undefined) {
    const found = live.filter(({ id }) => id.startsWith(asked));
    const [only] = found;
    if (only !== undefined && found.length === 1) return placeOf(only);
    const ids = (found.length === 0 ? live : found).map(({ id }) => id).join(", ");
    throw new CommandError(
      found.length === 0
        ? `No instance's id begins with "${asked}".`
        : `${found.length} instances' ids begin with "${asked}".`,
      { exitCode: exitCodes.usage, next: `name one of ${ids}` },
    );
  }
  const rank = (one: InstanceSnapshot): number =>
    (isReady(one) ? 1000 : 0) + weights[one.colour] + (one.targetHealth === "healthy" ? 0.5 : 0);
  const [best] = live.toSorted((one, other) => rank(other) - rank(one));
  return placeOf(best ?? (live[0] as InstanceSnapshot));
}

function placeOf({ id }: InstanceSnapshot): Place {
  const [, machine = id, slot = ""] = /^(i-[0-9a-f]+)(-blue|-green)$/.exec(id) ?? [];
  return { id, machine, slot };
}
