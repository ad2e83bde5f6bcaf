import { githubSubjects } from "../config/fields/github-subjects.ts";
import { fewestGpus } from "../config/fields/gpu-types.ts";
import { isBurstable } from "../config/fields/instance-type.ts";
import { typesOf } from "../config/schema/fleet/instances.ts";
import type { AlertSettings } from "../config/schema/sight/alerts.ts";
import type { BudgetSettings } from "../config/schema/sight/budget.ts";
import { keyHeader } from "../config/schema/auth.ts";
import type { CachedRoute } from "../config/schema/edge/cache.ts";
import type { OidcSettings } from "../config/schema/edge/oidc.ts";
import type { GithubSettings } from "../config/schema/project/github.ts";
import type { ExistingVpc, FlowLogs } from "../config/schema/network.ts";
import { doorOf, headersOf } from "./door-settings.ts";
import type { StackNames } from "./names.ts";
import { readableModels, readableSecrets } from "./readable.ts";
import type { LoginEndpoints, StackFacts, StackInput } from "./stack-input.ts";

/** Values of the root module's variables, in Terraform's spelling. */
export type StackVariables = ReturnType<typeof variablesOf>;

export function variablesOf(
  input: StackInput,
  facts: StackFacts,
  names: StackNames,
  topologies: readonly StackInput["topology"][],
) {
  const { instances, health, network, alarms } = input;
  const secretNames = readableSecrets(input, facts.readableSecrets);
  const models = readableModels(input, facts.readableModels);
  const types = typesOf(instances);
  const gpus = fewestGpus(types);
  return {
    name: input.name,
    environment: input.environment,
    region: input.region,
    ...(facts.account === null ? {} : { account_id: facts.account }),
    ...(facts.amiId === null ? {} : { ami_id: facts.amiId }),
    ...(facts.zones === null || network.vpc !== null ? {} : { zones: facts.zones }),
    names: {
      ...(topologies.includes("single") ? { door: names.door, machine: names.machine } : {}),
      ...(topologies.includes("fleet")
        ? {
            groups: names.groups,
            load_balancer: names.load_balancer,
            target_groups: names.target_groups,
          }
        : {}),
      instance_role: names.instance_role,
      log_groups: logGroupsOf(input, names),
      release_pointers: names.release_pointers,
      repository: names.repository,
      secret_prefix: names.secret_prefix,
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
      ...(instances.otherTypes.length === 0 ? {} : { other_types: instances.otherTypes }),
      ...(instances.spot === null ? {} : { spot: instances.spot }),
      // One launch template is for all types, and EC2 refuses credits for one that has none.
      ...(types.every(isBurstable) ? { cpu_credits: instances.cpuCredits } : {}),
      // So that an instance that has fewer is replaced.
      ...(gpus === null ? {} : { gpus }),
      max: instances.max,
      disk_gb: instances.diskGb,
      // Nothing answers while the command of release.before runs, and the group must not replace what runs it.
      grace_seconds:
        instances.bootTimeoutSeconds +
        health.timeoutSeconds +
        (input.release.before?.timeoutSeconds ?? 0),
      warmup_seconds: health.timeoutSeconds,
    },
    port: input.image.port,
    health: {
      path: health.path,
      interval_seconds: health.intervalSeconds,
      // The load balancer requires a timeout that is shorter than the interval.
      timeout_seconds: Math.min(health.intervalSeconds - 1, longestAnswerSeconds),
      unhealthy_threshold: health.unhealthyThreshold,
      ...(health.codes === null ? {} : { matcher: health.codes.join(",") }),
    },
    ...(input.requests.protocol === "http1"
      ? {}
      : { protocol_version: input.requests.protocol.toUpperCase() }),
    drain_seconds: health.drainSeconds,
    idle_timeout_seconds: input.requests.timeoutSeconds,
    domain:
      input.domains.length === 0
        ? null
        : { names: input.domains, ...zoneOf(input.zone), ...routingOf(input, names) },
    ...(topologies.includes("single") ? { door: doorOf(input) } : {}),
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
    ...(input.alerts === null ? {} : { alerts: alertsOf(input.alerts) }),
    ...(measures(input) ? { metrics: input.metrics } : {}),
    ...(input.budget === null ? {} : { budget: budgetOf(input.budget) }),
    ...(input.scaling.target === null ? {} : { scaling: scalingOf(input.scaling) }),
    permissions_boundary: input.identity.permissionsBoundary,
    ...(hasWebAcl(input) ? { waf: webAcl(input, facts, names) } : {}),
    ...(input.oidc === null || facts.login === undefined
      ? {}
      : { login: loginOf(input.oidc, facts.login) }),
    ...(models.length === 0 ? {} : { models }),
    ...(secretNames.length === 0 ? {} : { secret_names: secretNames }),
    ...(input.github === null ? {} : { github: githubRoles(input.github, names) }),
    ...(facts.servingColour === "green" ? { initial_colour: "green" } : {}),
  };
}

function budgetOf({ usd, emails, topic, joinsAlerts }: BudgetSettings) {
  return { usd, emails, joins_alerts: joinsAlerts, ...(topic === null ? {} : { topic }) };
}

function scalingOf({ metric, target, series }: StackInput["scaling"]) {
  return { metric, target, ...(series === null ? {} : { series }) };
}

function alertsOf({ emails, topics, callTopics, thresholds }: AlertSettings) {
  return {
    emails,
    topic_arns: topics,
    call_topic_arns: callTopics,
    thresholds: {
      connection_errors: thresholds.connectionErrors,
      error_percent: thresholds.errorPercent,
      min_requests: thresholds.minRequests,
      p99_seconds: thresholds.p99Seconds,
      memory_percent: thresholds.memoryPercent,
      disk_percent: thresholds.diskPercent,
    },
  };
}

function routingOf({ routing }: Pick<StackInput, "routing">, names: StackNames) {
  return routing === "simple"
    ? {}
    : { routing: { policy: routing, set_identifier: names.set_identifier } };
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

/** Without the client's secret, which only the CLI gives to the listener. */
function loginOf(oidc: OidcSettings, endpoints: LoginEndpoints) {
  return {
    issuer: oidc.issuer,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    user_info_endpoint: endpoints.userInfo,
    client_id: oidc.clientId,
    scope: oidc.scope,
    session_seconds: oidc.sessionSeconds,
  };
}

/** The API key is compared behind CloudFront. Without it in the key, an answer to one who has a key would be given to everyone. */
function routeOf(
  { path, seconds, headers: wanted, query }: CachedRoute,
  { auth }: Pick<StackInput, "auth">,
) {
  const hasKey = auth !== "keys" || wanted.some((name) => name.toLowerCase() === keyHeader);
  const headers = hasKey ? wanted : [...wanted, keyHeader];
  return typeof query === "string"
    ? { path, seconds, headers, query }
    : { path, seconds, headers, query: "only", queries: query };
}

function logGroupsOf(
  { network: { flowLogs }, ...input }: StackInput,
  { log_groups: { metrics, network, ...groups } }: StackNames,
): Readonly<Record<string, string>> {
  return {
    ...groups,
    ...(measures(input) ? { metrics } : {}),
    ...(flowLogs === "none" ? {} : { network }),
  };
}

/** Whether instances measure anything. */
function measures({ metrics }: Pick<StackInput, "metrics">): boolean {
  return metrics.instances || metrics.series.length > 0;
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
