/** What the controller knows of one AWS region after one look: only what some part of it decides by. */
export interface RegionView {
  readonly region: string;
  readonly instances: readonly InstanceView[];
  readonly listeners: readonly ListenerView[];
  readonly targetGroups: readonly TargetGroupView[];
}

export interface InstanceView {
  readonly id: string;
  readonly region: string;
  readonly state: "pending" | "running" | "stopping" | "stopped";
}

export interface ScalingGroupView {
  readonly name: string;
  readonly region: string;
  /** HealthCheckType ELB: an instance that the load balancer calls unhealthy is replaced. */
  readonly checksLoadBalancer: boolean;
  readonly targetGroupArns: readonly string[];
  /** Instances in service that the group itself calls healthy. */
  readonly healthyMembers: readonly string[];
}

export interface ListenerView {
  readonly arn: string;
  /** app/NAME/ID */
  readonly loadBalancer: string;
  readonly idleSeconds: number;
  readonly protocol: string;
  readonly port: number;
  readonly certificateArn: string | null;
  /** The loopback port that the emulator gave it. */
  readonly published: number;
  readonly fallback: readonly ActionView[];
  readonly rules: readonly RuleView[];
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
  /** A condition of a kind that the sandbox does not know: its rule must not answer for every request. */
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

export interface TargetGroupView {
  readonly arn: string;
  /** targetgroup/NAME/ID */
  readonly name: string;
  readonly protocol: string;
  readonly leastOutstanding: boolean;
  readonly health: HealthCheckView;
  readonly targets: readonly TargetView[];
}

export interface HealthCheckView {
  readonly protocol: string;
  readonly path: string;
  /** A port number, or "traffic-port". */
  readonly port: string;
  /** "200", "200-299" or "200,202" */
  readonly matcher: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface TargetView {
  readonly instance: string;
  readonly port: number;
  /** What the emulator answers now, which is what the controller told it last. */
  readonly state: string;
}
