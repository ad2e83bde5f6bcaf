import { groupsOf } from "../observe/listener-groups.ts";
import type {
  ActionView,
  ListenerView,
  RegionView,
  TargetGroupView,
  TargetView,
} from "../observe/region-view.ts";
import type {
  ActionModel,
  BackendModel,
  BalancerModel,
  ListenerModel,
  RuleModel,
  ServerModel,
} from "./balancer-model.ts";
import { renderLocations, renderPattern } from "./rule-patterns.ts";

/** Instance id -> address of its container, for running containers. */
export type Addresses = ReadonlyMap<string, string>;

/** The wanted state of HAProxy, from the load balancers of all regions. */
export function readModel(
  regions: readonly RegionView[],
  addresses: Addresses,
  { keepsConnections }: Pick<BalancerModel, "keepsConnections">,
  { edges, authority }: Pick<BalancerModel, "edges" | "authority"> = { edges: [], authority: null },
): BalancerModel {
  const listeners = regions.flatMap((region) => region.listeners);
  const named = new Map(
    listeners.flatMap((listener) =>
      groupsOf(listener).map((arn) => [arn, listener.idleSeconds] as const),
    ),
  );
  return {
    keepsConnections,
    edges,
    authority,
    listeners: listeners.map((listener) => readListener(listener, siblingsOf(listener, listeners))),
    // A target group that no listener uses gets no traffic and, as on AWS, no health checks.
    backends: regions
      .flatMap((region) => region.targetGroups)
      .flatMap((group) => {
        const idleSeconds = named.get(group.arn);
        return idleSeconds === undefined
          ? []
          : [readBackend(group, { idleSeconds, keepsConnections }, addresses)];
      }),
  };
}

/** targetgroup/NAME/ID or app/NAME/ID in the form that HAProxy accepts. */
export function proxyName(awsName: string): string {
  return awsName.replaceAll("/", ":");
}

export function targetGroupName(arn: string): string {
  return arn.split(":").slice(5).join(":");
}

export function serverName(target: { readonly instance: string; readonly port: number }): string {
  return `${target.instance}.${target.port}`;
}

type Siblings = Readonly<Record<string, number>>;

function readListener(listener: ListenerView, siblings: Siblings): ListenerModel {
  const secure = listener.protocol === "HTTPS";
  const arn = listener.certificateArn ?? "none";
  const context = { protocol: listener.protocol, port: listener.port, siblings };
  const id = lastPart(listener.arn);
  const ordered = listener.rules.toSorted((one, other) => one.priority - other.priority);
  const rules = ordered.flatMap((rule): RuleModel[] => {
    const name = lastPart(rule.arn);
    const pattern = renderPattern(rule.conditions);
    return pattern === null
      ? []
      : [{ name, pattern, action: readAction(rule.actions, `${id}-${name}`, context) }];
  });
  const fallback: RuleModel = {
    name: "default",
    pattern: null,
    action: readAction(listener.fallback, `${id}-default`, context),
  };
  return {
    name: `listener:${proxyName(listener.loadBalancer)}:${id}`,
    published: listener.published,
    port: listener.port,
    idleSeconds: listener.idleSeconds,
    clientSeconds: listener.clientSeconds,
    dropsInvalidHeaders: listener.dropsInvalidHeaders,
    responseHeaders: listener.responseHeaders,
    webAcl: listener.webAcl,
    failsOpen: listener.failsOpen,
    certificate: secure ? { arn, file: `certs/${lastPart(arn)}.pem` } : null,
    siblings,
    rulesMap: `maps/${id}-rules.map`,
    weightsMap: `maps/${id}-weights.map`,
    login: listener.login,
    rules: [...rules, fallback],
  };
}

function readAction(
  actions: readonly ActionView[],
  key: string,
  context: Parameters<typeof renderLocations>[1],
): ActionModel {
  // The last action answers; the others only authenticate.
  const action = actions.at(-1);
  switch (action?.type) {
    case "fixed-response": {
      const { status, contentType, body } = action;
      return { type: "fixed-response", status, contentType, body, file: `bodies/${key}` };
    }
    case "redirect":
      return { type: "redirect", status: action.status, ...renderLocations(action, context) };
    default: {
      const weights = (action?.groups ?? []).map(({ arn, weight }) => ({
        group: proxyName(targetGroupName(arn)),
        weight,
      }));
      return { type: "forward", weights };
    }
  }
}

function readBackend(
  group: TargetGroupView,
  connections: Pick<BackendModel, "idleSeconds" | "keepsConnections">,
  addresses: Addresses,
): BackendModel {
  const { arn, protocol, protocolVersion, leastOutstanding, health } = group;
  const servers = group.targets.flatMap((target) => readServer(target, addresses));
  return {
    name: proxyName(group.name),
    arn,
    protocol,
    protocolVersion,
    leastOutstanding,
    ...connections,
    health,
    servers,
  };
}

/** Empty for an unused target, and for one whose instance has no address now. */
function readServer(target: TargetView, addresses: Addresses): ServerModel[] {
  const address = addresses.get(target.instance);
  if (address === undefined || target.state === "unused") return [];
  const draining = target.state === "draining";
  return [
    {
      name: serverName(target),
      address,
      port: target.port,
      draining,
      lastResort: target.state === "unhealthy",
    },
  ];
}

function siblingsOf(listener: ListenerView, all: readonly ListenerView[]): Siblings {
  const same = all.filter((other) => other.loadBalancer === listener.loadBalancer);
  return Object.fromEntries(same.map((other) => [String(other.port), other.published]));
}

function lastPart(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}
