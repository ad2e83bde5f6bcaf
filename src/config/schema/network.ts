import * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** How instances reach what is outside the VPC. */
export type Egress = (typeof egresses)[number];

/** Which connections of the VPC CloudWatch logs. */
export type FlowLogs = (typeof loggedTraffic)[number];

/** The network of the stack. */
export interface NetworkSettings {
  readonly cidr: string;
  /** How many availability zones, or their names. */
  readonly zones: 2 | 3 | readonly string[];
  readonly egress: Egress;
  readonly flowLogs: FlowLogs;
  /** Whether only the VPC, and what is connected to it, reaches the address. */
  readonly internal: boolean;
  readonly allow: readonly string[];
  /** An existing VPC; null for the stack's own. */
  readonly vpc: ExistingVpc | null;
}

/** Ids of a VPC that exists, and of its subnets. */
export interface ExistingVpc {
  readonly id: string;
  readonly loadBalancerSubnets: readonly string[];
  readonly instanceSubnets: readonly string[];
}

const egresses = ["nat", "nat-per-zone", "endpoints", "public"] as const;

const loggedTraffic = ["none", "refused", "all"] as const;

export const networkDefaults = {
  cidr: "10.42.0.0/16",
  zones: 2,
  egress: "nat",
  flow_logs: "refused",
  internal: false,
  allow: ["0.0.0.0/0"],
} as const;

const zonesAllowed =
  "2, 3, or a list of two or three of the region's zones, such as [eu-central-1a, eu-central-1b]";

const subnetList = "a list of 2 to 6 ids of subnets, such as subnet-0123456789abcdef0";

const existingVpc = group(
  "An existing VPC, in place of the stack's own. It is checked and used, and never changed or deleted.",
  {
    id: key(
      field.text(
        /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
        "the id of a VPC, such as vpc-0123456789abcdef0",
      ),
      "The VPC. It cannot be changed while the stack exists.",
    ),
    load_balancer_subnets: key(
      subnets(),
      "Subnets of the load balancer, one in each of at least two zones. They need a route to an internet gateway, unless network.internal is true.",
    ),
    instance_subnets: key(
      subnets(),
      "Subnets of the instances, in at least two of the load balancer's zones. network.egress says how they reach the internet: nat by any way out without public addresses, public by an internet gateway, endpoints not at all.",
    ),
  },
);

export const network = group("The network of the stack.", {
  cidr: key(
    // It is divided into eight subnets, and a load balancer's subnet must be a /27 or larger.
    field.cidr(16, 24, "an IPv4 block from /16 to /24, such as 10.42.0.0/16"),
    "Addresses of the VPC. It cannot be changed while the stack exists.",
    networkDefaults.cidr,
  ),
  zones: key(
    z.union([z.literal([2, 3]), zoneNames()], { error: zonesAllowed }),
    "Availability zones to spread over: how many, or which. A stack keeps its zones; another one can be added.",
    networkDefaults.zones,
  ),
  egress: key(
    field.choice(egresses),
    "How instances reach the internet. nat: private subnets behind one NAT gateway. nat-per-zone: a gateway in each zone. endpoints: AWS's services only; needs instances.machine_image or a GPU type. public: public addresses with no inbound access; the cheapest. plan prints the price.",
    networkDefaults.egress,
  ),
  flow_logs: key(
    field.choice(loggedTraffic),
    "Which connections CloudWatch logs: refused, all, or none. They are kept for logs.retention. all costs about 0.5 USD a GB of logs, which a busy service reaches.",
    networkDefaults.flow_logs,
  ),
  internal: key(
    field.flag(),
    "Gives the address a private load balancer, which only the VPC and what is connected to it reach. The machines that run up and release must be among them. It cannot be changed while the stack exists.",
    networkDefaults.internal,
  ),
  allow: key(
    // A security group has at most 60 rules, and every block needs one for each of the two ports.
    z
      .array(field.cidr(0, 32, "an IPv4 block, such as 203.0.113.0/24"), {
        error: "a list of 1 to 25 IPv4 blocks",
      })
      .check(
        z.minLength(1, { error: "a list of 1 to 25 IPv4 blocks" }),
        z.maxLength(25, { error: "a list of 1 to 25 IPv4 blocks" }),
      ),
    "Who may reach the address. The machines that run up, release and rollback must be among them, because they ask it. With topology: single and a domain, it needs a zone.",
    networkDefaults.allow,
  ),
  vpc: existingVpc,
});

type NetworkKeys = NonNullable<z.infer<typeof network>>;

/** `isSingle`: the stack is one machine, which is in a public subnet. */
export function settleNetwork(
  keys: NetworkKeys = {},
  { isSingle = false }: { readonly isSingle?: boolean } = {},
): NetworkSettings {
  const vpc = settleVpc(keys.vpc);
  return {
    cidr: keys.cidr ?? networkDefaults.cidr,
    zones: keys.zones ?? networkDefaults.zones,
    egress: keys.egress ?? (isSingle ? "public" : networkDefaults.egress),
    flowLogs: keys.flow_logs ?? (vpc === null ? networkDefaults.flow_logs : "none"),
    internal: keys.internal ?? networkDefaults.internal,
    allow: keys.allow ?? networkDefaults.allow,
    vpc,
  };
}

/** A part that is missing is empty here, and a contradiction later. */
function settleVpc(keys: NetworkKeys["vpc"]): ExistingVpc | null {
  if (keys === undefined) return null;
  return {
    id: keys.id ?? "",
    loadBalancerSubnets: keys.load_balancer_subnets ?? [],
    instanceSubnets: keys.instance_subnets ?? [],
  };
}

function subnets() {
  return z
    .array(field.text(/^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, subnetList), { error: subnetList })
    .check(z.minLength(2, { error: subnetList }), z.maxLength(6, { error: subnetList }));
}

function zoneNames() {
  return z
    .array(z.string().check(z.regex(/^[a-z]{2,4}(?:-[a-z]+)+-[0-9][a-z]$/)))
    .check(z.minLength(2), z.maxLength(3));
}
