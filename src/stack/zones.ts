import { CommandError, exitCodes } from "../errors/command-error.ts";

/** An availability zone as this account sees it. */
export interface Zone {
  /** Such as eu-central-1a. Each account has its own names for the zones. */
  readonly name: string;
  /** Such as euc1-az2, the same in every account. */
  readonly id: string;
  /** How many of the stack's instance types it has. */
  readonly offered: number;
}

/** The key network.zones: how many zones, or their names. */
export type WantedZones = number | readonly string[];

export interface ZoneChoice {
  readonly wanted: WantedZones;
  /** The zones of the stack so far, in their order; undefined for a stack without one. */
  readonly kept: readonly string[] | undefined;
  /** Every zone of the region; undefined when `needsZones` said that the choice does not need them. */
  readonly zones: readonly Zone[] | undefined;
}

/** Whether the choice needs the region's zones: the ones that a stack has are kept without a look at AWS. */
export function needsZones({ wanted, kept }: Omit<ZoneChoice, "zones">): boolean {
  if (kept === undefined) return true;
  return typeof wanted === "number"
    ? wanted > kept.length
    : wanted.some((name) => !kept.includes(name));
}

/**
 * The zones of the stack, in the order of their subnets; the NAT gateway is in the first one. A zone's place never changes, because its
 * subnets would have to move. Throws CommandError (64) when the region does not have them.
 */
export function chooseZones({ wanted, kept = [], zones = [] }: ZoneChoice): readonly string[] {
  if (typeof wanted === "number") {
    const chosen = [...kept, ...byPreference(zones).filter((name) => !kept.includes(name))];
    if (chosen.length >= wanted) return chosen.slice(0, wanted);
    throw refusal(
      `The region offers ${zones.length} availability zones to this account, not ${wanted}.`,
      `set network.zones to ${Math.max(2, zones.length)}`,
    );
  }
  const last = kept.findLastIndex((name) => wanted.includes(name));
  const stay = kept.slice(0, last + 1);
  const missing = kept.length === 0 ? [] : stay.filter((name) => !wanted.includes(name));
  if (missing.length > 0 || (kept.length > 0 && stay.length === 0)) {
    throw refusal(
      "The first zones of a stack cannot be removed.",
      `set network.zones to [${kept.join(", ")}], or create the stack under another name`,
      `its subnets are in ${kept.join(", ")}, and they cannot move`,
    );
  }
  const names = zones.map(({ name }) => name);
  const unknown = wanted.filter((name) => !stay.includes(name) && !names.includes(name));
  if (unknown.length > 0) {
    throw refusal(
      `The region does not offer ${unknown.join(" and ")} to this account.`,
      `choose from ${names.join(", ")}`,
    );
  }
  const added = byPreference(
    zones.filter(({ name }) => wanted.includes(name)),
    wanted,
  );
  return [...stay, ...added.filter((name) => !stay.includes(name))];
}

/** Zones with most of the types first, so that instances and the NAT gateway can be there; zones without NAT gateways last. */
function byPreference(
  zones: readonly Zone[],
  order: readonly string[] = zones.map(({ name }) => name).toSorted(),
): readonly string[] {
  const poverty = ({ id }: Zone): number => (poorZones.has(id) ? 1 : 0);
  return zones
    .toSorted(
      (one, other) =>
        poverty(one) - poverty(other) ||
        other.offered - one.offered ||
        order.indexOf(one.name) - order.indexOf(other.name),
    )
    .map(({ name }) => name);
}

function refusal(message: string, next: string, why?: string): CommandError {
  return new CommandError(message, {
    exitCode: exitCodes.usage,
    where: "network.zones in infer-deploy.yml",
    next,
    ...(why !== undefined && { why }),
  });
}

/**
 * Zones without NAT gateways or newer instance types, by AWS's and its users' reports:
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html, https://github.com/aws/aws-cdk/issues/5847
 */
const poorZones: ReadonlySet<string> = new Set(["use1-az3", "usw1-az2", "apne1-az3", "cac1-az3"]);
