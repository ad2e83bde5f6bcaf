import { isGpuType } from "../../fields/gpu-types.ts";
import { overlaps, parseCidr } from "../../fields/cidr.ts";
import type { Config } from "../../schema/config.ts";
import { networkDefaults as byDefault, type ExistingVpc } from "../../schema/network.ts";
import type { Contradiction } from "../problem.ts";

export function* checkNetwork(
  config: Pick<Config, "instances" | "network" | "region">,
): Iterable<Contradiction> {
  const { instances, network, region } = config;
  const hasDocker = instances.machineImage !== null || isGpuType(instances.type);
  if (network.egress === "endpoints" && !hasDocker) {
    yield {
      paths: [["network", "egress"]],
      found: "endpoints without instances.machine_image",
      allowed:
        "endpoints with a machine image that has Docker, which is AWS's for GPU types, or your own instances.machine_image: Canonical's Ubuntu has none, and its package servers are out of reach",
    };
  }
  for (const [index, zone] of (typeof network.zones === "number" ? [] : network.zones).entries()) {
    if (zone.slice(0, -1) !== region) {
      yield {
        paths: [["network", "zones", index], ["region"]],
        found: `${zone} with region ${region}`,
        allowed: `a zone of ${region}, such as ${region}a`,
      };
    }
    if (typeof network.zones !== "number" && network.zones.indexOf(zone) < index) {
      yield {
        paths: [["network", "zones", index]],
        found: `${zone} a second time`,
        allowed: "each zone once",
      };
    }
  }
  const block = parseCidr(network.cidr);
  for (const { cidr, use } of reservedBlocks) {
    const reserved = parseCidr(cidr);
    if (block !== null && reserved !== null && overlaps(block, reserved)) {
      yield {
        paths: [["network", "cidr"]],
        found: network.cidr,
        allowed: `a block outside ${cidr} (${use})`,
      };
    }
  }
  yield* checkAllow(network.allow);
  if (network.vpc !== null) yield* checkVpc(network, network.vpc);
}

/** AWS refuses a range twice. One inside another lets no other machine in, so it is a mistake: perhaps the wider one was meant to be removed. */
function* checkAllow(allow: readonly string[]): Iterable<Contradiction> {
  for (const [index, item] of allow.entries()) {
    const block = parseCidr(item);
    const twin = allow.findIndex((other, place) => {
      const wider = parseCidr(other);
      if (place === index || block === null || wider === null || !overlaps(block, wider))
        return false;
      return wider.prefix < block.prefix || (wider.prefix === block.prefix && place < index);
    });
    if (twin === -1) continue;
    const isSame = parseCidr(allow[twin] ?? "")?.prefix === block?.prefix;
    yield {
      paths: [["network", "allow", index]],
      found: isSame ? `${item} a second time` : `${item}, which is inside ${allow[twin]}`,
      allowed: isSame ? "each block once" : "blocks that do not overlap",
    };
  }
}

function* checkVpc(network: Config["network"], vpc: ExistingVpc): Iterable<Contradiction> {
  const parts = [
    { key: "id", isMissing: vpc.id === "" },
    { key: "load_balancer_subnets", isMissing: vpc.loadBalancerSubnets.length === 0 },
    { key: "instance_subnets", isMissing: vpc.instanceSubnets.length === 0 },
  ];
  for (const { key } of parts.filter(({ isMissing }) => isMissing)) {
    yield {
      paths: [["network", "vpc"]],
      found: `a VPC without ${key}`,
      allowed: "id, load_balancer_subnets and instance_subnets",
    };
  }
  const own = [
    { key: "cidr", isSet: network.cidr !== byDefault.cidr },
    { key: "zones", isSet: network.zones !== byDefault.zones },
    { key: "flow_logs", isSet: network.flowLogs !== "none" },
  ];
  for (const { key } of own.filter(({ isSet }) => isSet)) {
    yield {
      paths: [
        ["network", key],
        ["network", "vpc"],
      ],
      found: `${key} with an existing VPC`,
      allowed: `no network.${key}: the VPC's owner decides that`,
    };
  }
  if (network.egress === "nat-per-zone") {
    yield {
      paths: [
        ["network", "egress"],
        ["network", "vpc"],
      ],
      found: "nat-per-zone with an existing VPC",
      allowed: "nat: it means any way out of the subnets that needs no public addresses",
      suggestion: "nat",
    };
  }
  for (const [key, list] of [
    ["load_balancer_subnets", vpc.loadBalancerSubnets],
    ["instance_subnets", vpc.instanceSubnets],
  ] as const) {
    for (const [index, subnet] of list.entries()) {
      if (list.indexOf(subnet) < index) {
        yield {
          paths: [["network", "vpc", key, index]],
          found: `${subnet} a second time`,
          allowed: "each subnet once",
        };
      }
    }
  }
}

const reservedBlocks = [
  { cidr: "0.0.0.0/8", use: "this network" },
  { cidr: "127.0.0.0/8", use: "loopback" },
  { cidr: "169.254.0.0/16", use: "link-local, where the instance's metadata is" },
  { cidr: "172.17.0.0/16", use: "Docker's own network on every instance" },
  { cidr: "224.0.0.0/3", use: "multicast and reserved" },
] as const;
