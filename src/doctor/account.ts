import type { AwsClients } from "../aws/clients.ts";
import { addressQuota, readQuota, vpcQuota } from "../aws/account/quotas.ts";
import { countNetworks, roleArn } from "../aws/account/region-facts.ts";
import { principalOf, simulateRequest, type Denial } from "../aws/account/simulate-policy.ts";
import { listZones } from "../aws/network/zones.ts";
import type { Config } from "../config/schema/config.ts";
import { typesOf, type SpotSettings } from "../config/schema/fleet/instances.ts";
import type { Statement } from "../permissions/statement.ts";
import { failed, ok, unknown, warning, type Finding } from "./finding.ts";
import { judgePermissions } from "./judge-permissions.ts";
import { judgeQuota } from "./judge-quotas.ts";

/** What the stack takes of the account. */
export interface Need {
  /** In the order of preference. */
  readonly instanceTypes: readonly string[];
  readonly spot: SpotSettings | null;
  /** Instances that `up` starts; 0 when the stack is there. */
  readonly starts: number;
  /** Instances that a release starts before it ends as many. */
  readonly doubles: number;
  /** VPCs and Elastic IP addresses that `up` makes. */
  readonly vpcs: number;
  readonly addresses: number;
}

/** `isUp`: whether the stack is there, so that only a release adds something. */
export function needOf(
  { instances, network }: Pick<Config, "instances" | "network">,
  isUp: boolean,
): Need {
  const isNew = isUp ? 0 : 1;
  return {
    instanceTypes: typesOf(instances),
    spot: instances.spot,
    starts: isNew * instances.min,
    doubles: instances.min,
    vpcs: network.vpc === null ? isNew : 0,
    addresses: isNew * addressesOf(network),
  };
}

/** A NAT gateway has an Elastic IP address. */
function addressesOf({ egress, vpc, zones }: Config["network"]): number {
  if (vpc !== null) return 0;
  if (egress === "nat") return 1;
  if (egress !== "nat-per-zone") return 0;
  return typeof zones === "number" ? zones : zones.length;
}

/** What IAM's simulator denies the caller of each set of statements; undefined for a caller that it does not take. */
export type Simulation = (
  statements: readonly Statement[],
  signal: AbortSignal,
) => Promise<readonly Denial[] | undefined>;

/** Asks for each set once, because the simulator is slow: `up` needs what a release needs, too. */
export function createSimulation(
  aws: Pick<AwsClients, "iam">,
  caller: { readonly arn: string; readonly region: string },
): Simulation {
  let principal: Promise<string | undefined> | undefined;
  const asked = new Map<readonly Statement[], ReturnType<Simulation>>();
  const simulate: Simulation = async (statements, signal) => {
    const iam = await aws.iam();
    principal ??= principalOf(async (name) => roleArn(iam, name, signal), caller.arn);
    const found = await principal;
    if (found === undefined) return undefined;
    const denials = await Promise.all(
      statements.map(async (statement) =>
        simulateRequest(iam, { principal: found, region: caller.region }, statement, signal),
      ),
    );
    return denials.flat();
  };
  return async (statements, signal) => {
    const answer = asked.get(statements) ?? simulate(statements, signal);
    asked.set(statements, answer);
    return answer;
  };
}

/** Whether the caller may do what the sets of statements allow together. */
export async function checkPermissions(
  simulation: Simulation,
  caller: { readonly arn: string },
  verbs: string,
  sets: readonly (readonly Statement[])[],
  signal: AbortSignal,
): Promise<Finding> {
  const denials: Denial[] = [];
  for (const found of await Promise.all(sets.map(async (set) => simulation(set, signal)))) {
    if (found === undefined) {
      return unknown(`permissions for ${verbs}`, `IAM's simulator does not take ${caller.arn}`);
    }
    denials.push(...found);
  }
  const actions = new Set(sets.flat().flatMap((statement) => statement.actions));
  return judgePermissions(verbs, actions.size, denials);
}

export async function checkNetworks(
  aws: Pick<AwsClients, "ec2" | "serviceQuotas">,
  { vpcs, addresses }: Need,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const quotas = await aws.serviceQuotas();
  const [used, mostVpcs, mostAddresses] = await Promise.all([
    countNetworks(await aws.ec2(), signal),
    readQuota(quotas, vpcQuota, signal),
    readQuota(quotas, addressQuota, signal),
  ]);
  return [
    judgeQuota({ quota: vpcQuota, value: mostVpcs, used: used.vpcs, up: vpcs, release: 0 }),
    judgeQuota({
      quota: addressQuota,
      value: mostAddresses,
      used: used.addresses,
      up: addresses,
      release: 0,
    }),
  ];
}

/** The stack needs two zones with its instance type. */
export async function checkZones(
  aws: Pick<AwsClients, "ec2">,
  { instanceTypes }: Need,
  region: string,
  signal: AbortSignal,
): Promise<Finding> {
  const instanceType = instanceTypes.join(" or ");
  const zones = (await listZones(await aws.ec2(), instanceTypes, signal))
    .filter(({ offered }) => offered > 0)
    .map(({ name }) => name)
    .toSorted();
  if (zones.length === 0) {
    return failed(
      "zones",
      `no zone of ${region} offers ${instanceType}`,
      `aws ec2 describe-instance-type-offerings --region ${region} lists what it offers; choose another instances.type`,
    );
  }
  const detail = `${zones.join(", ")} ${zones.length === 1 ? "offers" : "offer"} ${instanceType}`;
  return zones.length === 1
    ? warning("zones", `only ${detail}`, "choose an instances.type that a second zone offers")
    : ok("zones", detail);
}

/** The services make these roles at their first use, if the caller may call iam:CreateServiceLinkedRole. */
export async function checkLinkedRoles(
  aws: Pick<AwsClients, "iam">,
  signal: AbortSignal,
): Promise<Finding> {
  const iam = await aws.iam();
  const found = await Promise.all(
    linkedRoles.map(async ({ role, service }) => ({
      role,
      service,
      arn: await roleArn(iam, role, signal),
    })),
  );
  const missing = found.filter(({ arn }) => arn === undefined);
  const [first] = missing;
  return first === undefined
    ? ok("service-linked roles", "Auto Scaling's and Elastic Load Balancing's exist")
    : warning(
        "service-linked roles",
        `${missing.map(({ role }) => role).join(", ")} will be made by the first up`,
        `if up is refused: aws iam create-service-linked-role --aws-service-name ${first.service}`,
      );
}

const linkedRoles = [
  { role: "AWSServiceRoleForAutoScaling", service: "autoscaling.amazonaws.com" },
  { role: "AWSServiceRoleForElasticLoadBalancing", service: "elasticloadbalancing.amazonaws.com" },
] as const;
