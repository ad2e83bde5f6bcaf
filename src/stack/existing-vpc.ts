import type { Config } from "../config/schema/config.ts";
import type { ExistingVpc } from "../config/schema/network.ts";
import { overlaps, parseCidr } from "../config/fields/cidr.ts";
import type { EndpointFacts, SubnetFacts, VpcFacts } from "./vpc-facts.ts";

/** What is wrong with one key of network.vpc. */
export interface VpcProblem {
  /** Such as network.vpc.instance_subnets.1: subnet-0123456789abcdef0. */
  readonly where: string;
  readonly what: string;
  readonly right: string;
}

type Network = Pick<Config["network"], "egress" | "internal">;

/** All problems at once; empty for a VPC that the stack can use. `isNew`: whether the load balancer is not there yet. */
export function judgeVpc(
  {
    region,
    network,
    vpc,
  }: { readonly region: string; readonly network: Network; readonly vpc: ExistingVpc },
  facts: VpcFacts,
  isNew: boolean,
): readonly VpcProblem[] {
  if (!facts.exists) {
    return [
      {
        where: `network.vpc.id: ${vpc.id}`,
        what: `these credentials see no such VPC in ${region}`,
        right: "the id of a VPC of this account, or of one whose subnets are shared with it",
      },
    ];
  }
  const places = [
    ...placesOf("load_balancer_subnets", vpc.loadBalancerSubnets, facts),
    ...placesOf("instance_subnets", vpc.instanceSubnets, facts),
  ];
  const lost = places.flatMap((place) => [...judgePlace(place, vpc.id)]);
  if (lost.length > 0) return lost;
  const front = known(places.filter(({ key }) => key === "load_balancer_subnets"));
  const back = known(places.filter(({ key }) => key === "instance_subnets"));
  return [
    ...judgeZones(front, back),
    ...front.flatMap((place) => [...judgeFront(place, network, isNew)]),
    ...back.flatMap((place) => [...judgeBack(place, network)]),
    ...(network.egress === "endpoints" ? judgeEndpoints(region, back, facts.endpoints) : []),
  ];
}

interface Place {
  readonly key: string;
  readonly where: string;
  readonly id: string;
  readonly subnet: SubnetFacts | undefined;
}

type KnownPlace = Place & { readonly subnet: SubnetFacts };

function placesOf(key: string, ids: readonly string[], { subnets }: VpcFacts): readonly Place[] {
  return ids.map((id, index) => ({
    key,
    where: `network.vpc.${key}.${index}: ${id}`,
    id,
    subnet: subnets.find((subnet) => subnet.id === id),
  }));
}

function known(places: readonly Place[]): readonly KnownPlace[] {
  return places.flatMap(({ subnet, ...place }) =>
    subnet === undefined ? [] : [{ ...place, subnet }],
  );
}

function* judgePlace({ where, subnet }: Place, vpc: string): Iterable<VpcProblem> {
  if (subnet === undefined) {
    yield { where, what: "there is no such subnet", right: `a subnet of ${vpc}` };
  } else if (subnet.vpc !== vpc) {
    yield { where, what: `it is in ${subnet.vpc}`, right: `a subnet of ${vpc}` };
  }
}

function* judgeZones(
  front: readonly KnownPlace[],
  back: readonly KnownPlace[],
): Iterable<VpcProblem> {
  yield* judgeTwins(front);
  yield* judgeTwins(back);
  const reached = front.map(({ subnet }) => subnet.zone);
  for (const { where, subnet } of back) {
    if (!reached.includes(subnet.zone)) {
      yield {
        where,
        what: `it is in ${subnet.zone}, where the load balancer has no subnet and sends no requests`,
        right: `a subnet in ${[...new Set(reached)].join(" or ")}, or another one of ${subnet.zone} in load_balancer_subnets`,
      };
    }
  }
  if (new Set(back.map(({ subnet }) => subnet.zone)).size < 2) {
    yield {
      where: "network.vpc.instance_subnets",
      what: `all are in ${back[0]?.subnet.zone}`,
      right: "subnets in at least two zones",
    };
  }
}

function* judgeTwins(places: readonly KnownPlace[]): Iterable<VpcProblem> {
  for (const [index, { where, subnet }] of places.entries()) {
    const first = places.findIndex((other) => other.subnet.zone === subnet.zone);
    if (first < index) {
      yield {
        where,
        what: `it is in ${subnet.zone}, as is ${places[first]?.id}`,
        right: "one subnet a zone: a load balancer takes no second one",
      };
    }
  }
}

/** Elastic Load Balancing user guide, "Subnets for your load balancer": a /27 or larger, with 8 free addresses. */
function* judgeFront(
  { where, subnet }: KnownPlace,
  { internal }: Network,
  isNew: boolean,
): Iterable<VpcProblem> {
  const size = parseCidr(subnet.cidr)?.prefix ?? 0;
  if (size > 27) {
    yield {
      where,
      what: `its range ${subnet.cidr} is too small for a load balancer`,
      right: "a /27 or larger",
    };
  }
  if (isNew && subnet.freeAddresses < 8) {
    yield {
      where,
      what: `${subnet.freeAddresses} addresses are free`,
      right: "8 for a load balancer",
    };
  }
  if (!internal && !isGateway(subnet.wayOut)) {
    yield {
      where,
      what: `its route table ${subnet.routeTable} ${wayText(subnet.wayOut)}, so nothing on the internet reaches it`,
      right: "a route to 0.0.0.0/0 by an internet gateway, or network.internal: true",
    };
  }
}

function* judgeBack({ where, subnet }: KnownPlace, { egress }: Network): Iterable<VpcProblem> {
  const docker = parseCidr(dockerBlock);
  const block = parseCidr(subnet.cidr);
  if (docker !== null && block !== null && overlaps(docker, block)) {
    yield {
      where,
      what: `its range ${subnet.cidr} overlaps ${dockerBlock}, Docker's own network on every instance`,
      right: "a subnet outside that range",
    };
  }
  const table = `its route table ${subnet.routeTable} ${wayText(subnet.wayOut)}`;
  if (egress === "public" && !isGateway(subnet.wayOut)) {
    yield {
      where,
      what: `${table}, and network.egress is public`,
      right: "a route to 0.0.0.0/0 by an internet gateway, or network.egress: nat",
    };
  } else if (egress === "nat" && subnet.wayOut === null) {
    yield {
      where,
      what: `${table}: instances could not reach their image`,
      right: "a route to 0.0.0.0/0, such as by a NAT gateway",
    };
  } else if (egress === "nat" && isGateway(subnet.wayOut)) {
    yield {
      where,
      what: `${table}, which only lets out instances with public addresses`,
      right: "network.egress: public, or a route by a NAT gateway",
    };
  }
}

function judgeEndpoints(
  region: string,
  back: readonly KnownPlace[],
  endpoints: readonly EndpointFacts[],
): readonly VpcProblem[] {
  const where = "network.egress: endpoints";
  const named = endpointServices.map((service) => `com.amazonaws.${region}.${service}`);
  const missing = named.filter(
    (service) => !endpoints.some((one) => one.service === service && one.privateNames === true),
  );
  const tables = new Set(
    endpoints
      .filter((one) => one.service === `com.amazonaws.${region}.s3`)
      .flatMap(({ routeTables }) => routeTables),
  );
  const without = [...new Set(back.map(({ subnet }) => subnet.routeTable))].filter(
    (table) => !tables.has(table),
  );
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            where,
            what: `the VPC has no interface endpoint with private DNS names for ${missing.join(", ")}`,
            right: "one for each: instances reach AWS by them alone",
          },
        ]),
    ...(without.length === 0
      ? []
      : [
          {
            where,
            what: `${without.join(" and ")} ${without.length === 1 ? "has" : "have"} no gateway endpoint of S3`,
            right: "one in every route table of the instances: image layers come from S3",
          },
        ]),
  ];
}

function isGateway(target: string | null): boolean {
  return target?.startsWith("igw-") === true;
}

function wayText(target: string | null): string {
  return target === null ? "has no route to 0.0.0.0/0" : `leads to ${target}`;
}

/** As in templates/terraform/modules/network/endpoints.tf. */
export const endpointServices = [
  "ecr.api",
  "ecr.dkr",
  "logs",
  "secretsmanager",
  "ssm",
  "ssmmessages",
];

const dockerBlock = "172.17.0.0/16";
