import { githubSubjects } from "../config/fields/github-subjects.ts";
import { isBurstable } from "../config/fields/instance-type.ts";
import type { Config } from "../config/schema/config.ts";
import type { GithubSettings } from "../config/schema/project/github.ts";
import type { StateBackend } from "../config/schema/project/state.ts";
import { nameStack, stateBucketName, type StackNames } from "./names.ts";
import type { Colour } from "./colour.ts";

/** The settings that a stack is made from; a `Config` has them. */
export type StackInput = Pick<
  Config,
  | "alarms"
  | "domain"
  | "environment"
  | "github"
  | "identity"
  | "logs"
  | "name"
  | "protection"
  | "region"
  | "requests"
  | "secrets"
  | "state"
  | "tags"
  | "topology"
  | "zone"
> & {
  readonly image: Pick<Config["image"], "port">;
  readonly health: Omit<Config["health"], "failFast">;
  readonly instances: Omit<Config["instances"], "machineImage" | "memoryMb">;
  readonly network: Omit<Config["network"], "zones">;
};

/** Facts that must be looked up. */
export interface StackFacts {
  /** Null: bare terraform asks for it. */
  readonly account: string | null;
  readonly amiId: string | null;
  readonly zones: readonly string[] | null;
  /** Names of secrets that instances may read already. */
  readonly readableSecrets?: readonly string[];
  /** The colour that serves. Only new listeners use it, for example when a domain is added: they send everything to it. */
  readonly servingColour?: Colour;
}

export type StackModule =
  | "network"
  | "registry"
  | "identity"
  | "load-balancer"
  | "fleet"
  | "logs"
  | "alarms"
  | "dns"
  | "github";

export type StackKnowledge = `${"known" | "unknown"}-${"account" | "machine-image" | "zones"}`;

/** The stack that a configuration describes: plain data, the same for the same input. */
export interface Stack {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly topology: "fleet";
  readonly names: StackNames;
  readonly modules: readonly StackModule[];
  /** Without a bucket, bare `terraform init` needs it as an option. */
  readonly backend: {
    readonly kind: StateBackend;
    readonly organization: string | null;
    readonly workspace: string | null;
    readonly bucket: string | null;
    readonly key: string;
    readonly region: string;
  };
  /** What is known about AWS and what is not, for the folder's README. */
  readonly knowledge: readonly StackKnowledge[];
  /** Releases own it, so it is not a Terraform variable: a changed minimum needs no Terraform run. */
  readonly capacity: { readonly min: number; readonly max: number };
  readonly variables: StackVariables;
}

/** Values of the root module's variables, in Terraform's spelling. */
export type StackVariables = ReturnType<typeof variablesOf>;

export function desiredStack(input: StackInput, facts: StackFacts): Stack {
  const names = nameStack(input.name, input.environment, input.region);
  return {
    schema_version: 1,
    name: input.name,
    environment: input.environment,
    region: input.region,
    topology: input.topology,
    names,
    modules: [
      ...fleetModules,
      ...(input.domain === null ? [] : (["dns"] as const)),
      ...(input.github === null ? [] : (["github"] as const)),
    ],
    backend: {
      kind: input.state.backend,
      organization: input.state.organization,
      workspace: input.state.workspace,
      bucket: facts.account === null ? null : stateBucketName(facts.account, input.region),
      key: `${names.state_prefix}/terraform.tfstate`,
      region: input.region,
    },
    knowledge: [
      facts.account === null ? "unknown-account" : "known-account",
      facts.amiId === null ? "unknown-machine-image" : "known-machine-image",
      facts.zones === null ? "unknown-zones" : "known-zones",
    ],
    capacity: { min: input.instances.min, max: input.instances.max },
    variables: variablesOf(input, facts, names),
  };
}

/**
 * Names of the secrets that instances may read: the configuration's, and those that it had before. A running release, or one that a rollback
 * returns to, may still need them.
 */
export function readableSecrets(
  { secrets }: Pick<StackInput, "secrets">,
  before: readonly string[] = [],
): readonly string[] {
  return [...new Set([...Object.keys(secrets), ...before])].toSorted();
}

function variablesOf(input: StackInput, facts: StackFacts, names: StackNames) {
  const { instances, health, network, alarms } = input;
  const secretNames = readableSecrets(input, facts.readableSecrets);
  return {
    name: input.name,
    environment: input.environment,
    region: input.region,
    ...(facts.account === null ? {} : { account_id: facts.account }),
    ...(facts.amiId === null ? {} : { ami_id: facts.amiId }),
    ...(facts.zones === null ? {} : { zones: facts.zones }),
    names: {
      groups: names.groups,
      instance_role: names.instance_role,
      load_balancer: names.load_balancer,
      log_groups: names.log_groups,
      release_pointers: names.release_pointers,
      repository: names.repository,
      secret_prefix: names.secret_prefix,
      target_groups: names.target_groups,
    },
    state_prefix: names.state_prefix,
    tags: input.tags,
    network: {
      cidr: network.cidr,
      egress: network.egress,
      ingress_cidrs: network.allow,
    },
    instances: {
      type: instances.type,
      ...(isBurstable(instances.type) ? { cpu_credits: instances.cpuCredits } : {}),
      max: instances.max,
      disk_gb: instances.diskGb,
      grace_seconds: instances.bootTimeoutSeconds + health.timeoutSeconds,
      warmup_seconds: health.timeoutSeconds,
    },
    port: input.image.port,
    health: {
      path: health.path,
      interval_seconds: health.intervalSeconds,
      // The load balancer requires a timeout that is shorter than the interval.
      timeout_seconds: Math.min(health.intervalSeconds - 1, longestAnswerSeconds),
      unhealthy_threshold: health.unhealthyThreshold,
    },
    drain_seconds: health.drainSeconds,
    idle_timeout_seconds: input.requests.timeoutSeconds,
    domain: input.domain === null ? null : { name: input.domain, ...zoneOf(input.zone) },
    log_retention_days: input.logs.retentionDays,
    protection: input.protection,
    alarms: {
      errors_per_minute: alarms.serverErrors,
      unanswered_per_minute: alarms.unanswered,
      p99_seconds: alarms.p99Seconds,
      unhealthy_hosts: alarms.unhealthyHosts,
    },
    alarm_action_arns: alarms.notify,
    permissions_boundary: input.identity.permissionsBoundary,
    ...(secretNames.length === 0 ? {} : { secret_names: secretNames }),
    ...(input.github === null ? {} : { github: githubRoles(input.github, names) }),
    ...(facts.servingColour === "green" ? { initial_colour: "green" } : {}),
  };
}

/** By what the role may do. */
function githubRoles(settings: GithubSettings, { github_roles: roles }: StackNames) {
  const subjects = githubSubjects(settings);
  return {
    release: { role_name: roles.release, subjects: subjects.release },
    plan: { role_name: roles.plan, subjects: subjects.plan },
  };
}

/** Route53's ids are upper case; domains are not. */
function zoneOf(zone: string | null): { readonly zone_id?: string; readonly zone_name?: string } {
  if (zone === null) {
    return {};
  }
  return /^Z[A-Z0-9]+$/.test(zone) ? { zone_id: zone } : { zone_name: zone };
}

const fleetModules: readonly StackModule[] = [
  "network",
  "registry",
  "identity",
  "logs",
  "load-balancer",
  "fleet",
  "alarms",
];

const longestAnswerSeconds = 5;
