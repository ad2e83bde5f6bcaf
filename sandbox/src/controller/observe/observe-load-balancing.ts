import {
  DescribeListenerAttributesCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
  type Listener,
  type LoadBalancer,
  type Rule,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { WebAclView } from "../firewall/web-acl.ts";
import type { RegionClients } from "./region-clients.ts";
import { readActions, readConditions, readLogin } from "./listener-rules.ts";
import { readResponseHeaders } from "./response-headers.ts";
import type { ListenerView, ProtocolVersion, RegionView, TargetGroupView } from "./region-view.ts";

export type LoadBalancing = Pick<RegionView, "listeners" | "targetGroups">;

/** Attributes of load balancers and target groups change rarely and cost a call each. They are read again after a few seconds. */
export type AttributeCache = Map<
  string,
  { readonly at: number; readonly values: Readonly<Record<string, string>> }
>;

/** What the emulator's own paths answer in one call for all regions. */
export interface EmulatorFacts {
  /** Listener ARN -> its loopback port. */
  readonly ports: ReadonlyMap<string, number>;
  /** Load balancer ARN -> its web ACL. */
  readonly webAcls: ReadonlyMap<string, WebAclView>;
}

export async function observeLoadBalancing(
  clients: RegionClients,
  { ports, webAcls }: EmulatorFacts,
  cache: AttributeCache,
): Promise<LoadBalancing> {
  const [balancers, groups] = await Promise.all([readBalancers(clients), readGroups(clients)]);
  const [listeners, targetGroups] = await Promise.all([
    Promise.all(
      balancers.map((balancer) => {
        const webAcl = webAcls.get(balancer.LoadBalancerArn ?? "") ?? null;
        return readListeners(clients, balancer, { ports, webAcl }, cache);
      }),
    ),
    Promise.all(groups.map((group) => readTargetGroup(clients, group, cache))),
  ]);
  return { listeners: listeners.flat(), targetGroups };
}

async function readBalancers({ balancing }: RegionClients): Promise<LoadBalancer[]> {
  const found: LoadBalancer[] = [];
  for await (const page of paginateDescribeLoadBalancers({ client: balancing }, {}))
    found.push(...(page.LoadBalancers ?? []));
  return found.filter((balancer) => balancer.Type === "application");
}

async function readGroups({ balancing }: RegionClients): Promise<TargetGroup[]> {
  const found: TargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client: balancing }, {}))
    found.push(...(page.TargetGroups ?? []));
  return found;
}

async function readListeners(
  clients: RegionClients,
  balancer: LoadBalancer,
  { ports, webAcl }: Pick<EmulatorFacts, "ports"> & Pick<ListenerView, "webAcl">,
  cache: AttributeCache,
): Promise<ListenerView[]> {
  const arn = balancer.LoadBalancerArn ?? "";
  const attributes = await remember(cache, arn, async () => {
    const answer = await clients.balancing.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }),
    );
    return answer.Attributes;
  });
  const listeners: Listener[] = [];
  for await (const page of paginateDescribeListeners(
    { client: clients.balancing },
    { LoadBalancerArn: arn },
  )) {
    listeners.push(...(page.Listeners ?? []));
  }
  const views = await Promise.all(
    listeners.map(async (listener): Promise<ListenerView[]> => {
      const published = ports.get(listener.ListenerArn ?? "");
      if (published === undefined) return [];
      const own = await remember(cache, listener.ListenerArn ?? "", async () => {
        const answer = await clients.balancing.send(
          new DescribeListenerAttributesCommand({ ListenerArn: listener.ListenerArn }),
        );
        return answer.Attributes;
      });
      const rules: Rule[] = [];
      for await (const page of paginateDescribeRules(
        { client: clients.balancing },
        { ListenerArn: listener.ListenerArn },
      )) {
        rules.push(...(page.Rules ?? []));
      }
      return [
        {
          arn: listener.ListenerArn ?? "",
          loadBalancer: arn.split(":loadbalancer/")[1] ?? arn,
          idleSeconds: Number(attributes["idle_timeout.timeout_seconds"] ?? 60),
          clientSeconds: Number(attributes["client_keep_alive.seconds"] ?? 3600),
          dropsInvalidHeaders:
            attributes["routing.http.drop_invalid_header_fields.enabled"] === "true",
          responseHeaders: readResponseHeaders(own),
          webAcl,
          failsOpen: attributes["waf.fail_open.enabled"] === "true",
          protocol: listener.Protocol ?? "HTTP",
          port: listener.Port ?? 80,
          certificateArn: listener.Certificates?.[0]?.CertificateArn ?? null,
          published,
          login: readLogin(listener.DefaultActions ?? []),
          fallback: readActions(listener.DefaultActions ?? []),
          rules: rules
            .filter((rule) => rule.IsDefault !== true)
            .map((rule) => ({
              arn: rule.RuleArn ?? "",
              priority: Number(rule.Priority),
              conditions: readConditions(rule.Conditions ?? []),
              actions: readActions(rule.Actions ?? []),
            })),
        },
      ];
    }),
  );
  return views.flat();
}

async function readTargetGroup(
  clients: RegionClients,
  group: TargetGroup,
  cache: AttributeCache,
): Promise<TargetGroupView> {
  const arn = group.TargetGroupArn ?? "";
  const [attributes, health] = await Promise.all([
    remember(cache, arn, async () => {
      const answer = await clients.balancing.send(
        new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
      );
      return answer.Attributes;
    }),
    clients.balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
  ]);
  return {
    arn,
    name: arn.split(":").slice(5).join(":"),
    protocol: group.Protocol ?? "HTTP",
    protocolVersion: readVersion(group.ProtocolVersion),
    leastOutstanding: attributes["load_balancing.algorithm.type"] === "least_outstanding_requests",
    health: {
      protocol: group.HealthCheckProtocol ?? "HTTP",
      path: group.HealthCheckPath ?? "/",
      port: group.HealthCheckPort ?? "traffic-port",
      matcher: group.Matcher?.GrpcCode ?? group.Matcher?.HttpCode ?? "200",
      intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
    },
    targets: (health.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
      instance: Target?.Id ?? "",
      port: Target?.Port ?? group.Port ?? 80,
      state: TargetHealth?.State ?? "initial",
    })),
  };
}

function readVersion(version: string | undefined): ProtocolVersion {
  return version === "GRPC" || version === "HTTP2" ? version : "HTTP1";
}

async function remember(
  cache: AttributeCache,
  arn: string,
  read: () => Promise<
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined
  >,
): Promise<Readonly<Record<string, string>>> {
  const found = cache.get(arn);
  if (found !== undefined && Date.now() - found.at < rememberMilliseconds) return found.values;
  const values = Object.fromEntries(
    ((await read()) ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]),
  );
  cache.set(arn, { at: Date.now(), values });
  return values;
}

const rememberMilliseconds = 5000;
