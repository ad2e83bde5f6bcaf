import { githubSubjects } from "../config/fields/github-subjects.ts";
import { isBurstable } from "../config/fields/instance-type.ts";
import { keyHeader } from "../config/schema/auth.ts";
import type { CachedRoute } from "../config/schema/edge/cache.ts";
import type { GithubSettings } from "../config/schema/project/github.ts";
import type { ExistingVpc, FlowLogs } from "../config/schema/network.ts";
import type { StackNames } from "./names.ts";
import type { StackFacts, StackInput } from "./stack-input.ts";

/** Values of the root module's variables, in Terraform's spelling. */
export type StackVariables = ReturnType<typeof variablesOf>;

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

export function variablesOf(input: StackInput, facts: StackFacts, names: StackNames) {
  const { instances, health, network, alarms } = input;
  const secretNames = readableSecrets(input, facts.readableSecrets);
  return {
    name: input.name,
    environment: input.environment,
    region: input.region,
    ...(facts.account === null ? {} : { account_id: facts.account }),
    ...(facts.amiId === null ? {} : { ami_id: facts.amiId }),
    ...(facts.zones === null || network.vpc !== null ? {} : { zones: facts.zones }),
    names: {
      groups: names.groups,
      instance_role: names.instance_role,
      load_balancer: names.load_balancer,
      log_groups: logGroupsOf(network.flowLogs, names),
      release_pointers: names.release_pointers,
      repository: names.repository,
      secret_prefix: names.secret_prefix,
      target_groups: names.target_groups,
    },
    state_prefix: names.state_prefix,
    tags: input.tags,
    network: {
      ...(network.vpc === null ? { cidr: network.cidr } : {}),
      egress: network.egress,
      flow_logs: flowLogsOf(network.flowLogs, names),
      ingress_cidrs: network.allow,
      internal: network.internal || input.https === "cloudfront",
    },
    ...(network.vpc === null ? {} : { existing_vpc: existingVpc(network.vpc) }),
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
    domain: input.domains.length === 0 ? null : { names: input.domains, ...zoneOf(input.zone) },
    ...(input.https === "cloudfront"
      ? { cloudfront: { cache: input.cache.map((route) => routeOf(route, input)) } }
      : {}),
    response_headers: headersOf(input),
    log_retention_days: input.logs.retentionDays,
    protection: input.protection,
    alarms: {
      errors_per_minute: alarms.serverErrors,
      unanswered_per_minute: alarms.unanswered,
      p99_seconds: alarms.p99Seconds,
      unhealthy_hosts: alarms.unhealthyHosts,
    },
    alarm_action_arns: alarms.notify,
    ...(input.scaling.target === null
      ? {}
      : { scaling: { metric: input.scaling.metric, target: input.scaling.target } }),
    permissions_boundary: input.identity.permissionsBoundary,
    ...(hasWebAcl(input) ? { waf: webAcl(input, facts, names) } : {}),
    ...(secretNames.length === 0 ? {} : { secret_names: secretNames }),
    ...(input.github === null ? {} : { github: githubRoles(input.github, names) }),
    ...(facts.servingColour === "green" ? { initial_colour: "green" } : {}),
  };
}

/** Whether AWS WAF is in front of the address. */
export function hasWebAcl({ auth, waf }: Pick<StackInput, "auth" | "waf">): boolean {
  return waf.mode !== "none" || auth === "keys";
}

function webAcl({ auth, waf }: StackInput, { keyGroup }: StackFacts, names: StackNames) {
  return {
    ...waf,
    log_group_name: names.waf_log_group,
    ...(auth === "keys" ? { auth } : {}),
    ...(auth === "keys" && keyGroup !== undefined ? { key_group_arn: keyGroup } : {}),
  };
}

/** AWS refuses Strict-Transport-Security on a listener without a certificate. */
function headersOf({ domains, https, responseHeaders: headers }: StackInput) {
  const isSecure = domains.length > 0 || https === "cloudfront";
  return {
    content_security_policy: headers.contentSecurityPolicy,
    content_type_options: headers.contentTypeOptions,
    frame_options: headers.frameOptions,
    strict_transport_security: isSecure ? headers.strictTransportSecurity : null,
  };
}

/** The API key is compared behind CloudFront. Without it in the key, an answer to one who has a key would be given to everyone. */
function routeOf(
  { path, seconds, headers: wanted, query }: CachedRoute,
  { auth }: Pick<StackInput, "auth">,
) {
  const hasKey = auth === "none" || wanted.some((name) => name.toLowerCase() === keyHeader);
  const headers = hasKey ? wanted : [...wanted, keyHeader];
  return typeof query === "string"
    ? { path, seconds, headers, query }
    : { path, seconds, headers, query: "only", queries: query };
}

function logGroupsOf(
  flowLogs: FlowLogs,
  { log_groups: { network, ...groups } }: StackNames,
): Readonly<Record<string, string>> {
  return flowLogs === "none" ? groups : { ...groups, network };
}

function flowLogsOf(
  flowLogs: FlowLogs,
  names: StackNames,
): { readonly role_name: string; readonly traffic: string } | null {
  if (flowLogs === "none") return null;
  return { role_name: names.flow_log_role, traffic: flowLogs === "all" ? "ALL" : "REJECT" };
}

function existingVpc({ id, loadBalancerSubnets, instanceSubnets }: ExistingVpc) {
  return {
    id,
    load_balancer_subnet_ids: loadBalancerSubnets,
    instance_subnet_ids: instanceSubnets,
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

const longestAnswerSeconds = 5;
