import type { CostPart, CostSettings } from "./cost-part.ts";
import { sumOf, times } from "./money.ts";
import { everywhere, hoursAMonth, type Price, type Prices } from "./prices.ts";

/** The instances of the serving colour at their fewest, and their disks. */
export function fleetParts(
  { instances: { diskGb, min, otherTypes, type } }: Pick<CostSettings, "instances">,
  usd: Prices["usd"],
): readonly CostPart[] {
  return [
    {
      part: "instances",
      what: `${min} ${type}${otherTypes.length === 0 ? "" : ", the first of instances.type"}`,
      usd_per_month: sumOf(times(min * hoursAMonth, usd.instance)),
    },
    {
      part: "volumes",
      what: `${min} of ${diskGb} GB (gp3)`,
      usd_per_month: sumOf(times(min, diskMonth(diskGb, usd))),
    },
  ];
}

/** One instance with its disk and its public address, USD a month and not rounded. */
export function instanceMonth(
  { instances, network }: Pick<CostSettings, "instances" | "network">,
  usd: Prices["usd"],
): Price {
  const hour = times(hoursAMonth, usd.instance);
  const disk = diskMonth(instances.diskGb, usd);
  const address = network.egress === "public" ? everywhere.addressHour * hoursAMonth : 0;
  return hour === null || disk === null ? null : hour + disk + address;
}

/** As templates/terraform/modules/fleet has it: a large disk has 250 MB/s, and gp3's first 125 are free. */
function diskMonth(diskGb: number, usd: Prices["usd"]): Price {
  const size = times(diskGb, usd.gp3_gb_month);
  const throughput = diskGb >= fastDiskGb ? times(125, usd.gp3_throughput_month) : 0;
  return size === null || throughput === null ? null : size + throughput;
}

/** From this size on a disk has 250 MB/s. */
export const fastDiskGb = 100;
