import type { WebAclView } from "../firewall/web-acl.ts";

/** One AWS region as the controller saw it in a cycle, reduced to what its parts need. */
export interface RegionView {
  readonly region: string;
  readonly instances: readonly InstanceView[];
  readonly listeners: readonly ListenerView[];
  readonly targetGroups: readonly TargetGroupView[];
}

export interface InstanceView {
  readonly id: string;
  readonly region: string;
  /** EC2's instance type. */
  readonly instanceType: string;
  readonly state: "pending" | "running" | "stopping" | "stopped";
  /** Milliseconds since 1970. */
  readonly launched: number;
}

export interface ScalingGroupView {
  readonly name: string;
  readonly region: string;
  /** HealthCheckType ELB: the group replaces instances that the load balancer finds unhealthy. */
  readonly checksLoadBalancer: boolean;
  readonly targetGroupArns: readonly string[];
  /** Instances in service that are healthy according to the group. */
  readonly healthyMembers: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Seconds until a new instance counts in the group's metrics. */
  readonly warmup: number;
  /** Its suspended processes. */
  readonly suspended: ReadonlySet<string>;
}

export interface ListenerView {
  readonly arn: string;
  /** app/NAME/ID */
  readonly loadBalancer: string;
  readonly idleSeconds: number;
  /** After which a client's connection ends with the next answer. */
  readonly clientSeconds: number;
  /** Headers whose names have other characters than letters, digits and hyphens do not reach the targets. */
  readonly dropsInvalidHeaders: boolean;
  /** Headers that the listener puts on every answer. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** The web ACL of the listener's load balancer. */
  readonly webAcl: WebAclView | null;
  /** Whether requests pass when AWS WAF does not answer. */
  readonly failsOpen: boolean;
  readonly protocol: string;
  readonly port: number;
  readonly certificateArn: string | null;
  /** The loopback port that the emulator assigned. */
  readonly published: number;
  /** What the default action asks for first; null without a login. */
  readonly login: LoginView | null;
  readonly fallback: readonly ActionView[];
  readonly rules: readonly RuleView[];
}

/** The action authenticate-oidc of a listener. */
export interface LoginView {
  readonly authorizationEndpoint: string;
  readonly clientId: string;
  readonly scope: string;
  readonly onUnauthenticated: string;
}

export interface RuleView {
  readonly arn: string;
  readonly priority: number;
  readonly conditions: readonly ConditionView[];
  readonly actions: readonly ActionView[];
}

export type ActionView =
  | {
      readonly type: "forward";
      readonly groups: readonly { readonly arn: string; readonly weight: number }[];
    }
  | {
      readonly type: "fixed-response";
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | {
      readonly type: "redirect";
      readonly status: 301 | 302;
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    };

export type ConditionView =
  /** An unknown kind of condition: its rule must not apply to every request. */
  | { readonly field: "never" }
  | {
      readonly field: "path-pattern" | "host-header" | "http-request-method";
      readonly values: readonly string[];
    }
  | { readonly field: "http-header"; readonly name: string; readonly values: readonly string[] }
  | {
      readonly field: "query-string";
      readonly pairs: readonly { readonly key: string | null; readonly value: string }[];
    };

/** What a target group's targets speak. */
export type ProtocolVersion = "HTTP1" | "HTTP2" | "GRPC";

export interface TargetGroupView {
  readonly arn: string;
  /** targetgroup/NAME/ID */
  readonly name: string;
  readonly protocol: string;
  readonly protocolVersion: ProtocolVersion;
  readonly leastOutstanding: boolean;
  readonly health: HealthCheckView;
  readonly targets: readonly TargetView[];
}

export interface HealthCheckView {
  readonly protocol: string;
  readonly path: string;
  /** A port number, or "traffic-port". */
  readonly port: string;
  /** "200", "200-299" or "200,202"; of gRPC "0", "0-99" or "0,12". */
  readonly matcher: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface TargetView {
  readonly instance: string;
  readonly port: number;
  /** The emulator's answer, which is the controller's last report. */
  readonly state: string;
}
