import type { HealthCheckView } from "../observe/region-view.ts";
import type { Weighted } from "./weights.ts";

/** The load balancer as HAProxy shall be: every name in it is one of HAProxy's configuration. */
export interface BalancerModel {
  readonly listeners: readonly ListenerModel[];
  readonly backends: readonly BackendModel[];
}

export interface ListenerModel {
  readonly name: string;
  /** The loopback port, which is the same inside the container. */
  readonly published: number;
  /** The port that the listener has on AWS. */
  readonly port: number;
  readonly idleSeconds: number;
  /** Null for a listener that speaks plain HTTP. */
  readonly certificate: CertificateModel | null;
  /** Port on AWS -> loopback port, of all listeners of the same load balancer: redirects lead there. */
  readonly siblings: Readonly<Record<string, number>>;
  /** Rule by pattern, one to a line, in the order in which they are tried; in a map, so that it can change without a reload. */
  readonly rulesMap: string;
  /** RULE/SLOT to backend, in a map for the same reason. */
  readonly weightsMap: string;
  /** By priority; the last one is the listener's default, which holds always. */
  readonly rules: readonly RuleModel[];
}

export interface CertificateModel {
  readonly arn: string;
  /** The file with key and certificate. */
  readonly file: string;
}

export interface RuleModel {
  readonly name: string;
  /** A regular expression over the request; null for the default. */
  readonly pattern: string | null;
  readonly action: ActionModel;
}

export type ActionModel =
  | { readonly type: "forward"; readonly weights: readonly Weighted[] }
  | {
      readonly type: "fixed-response";
      readonly status: number;
      readonly contentType: string;
      readonly file: string;
      readonly body: string;
    }
  | {
      readonly type: "redirect";
      readonly status: 301 | 302;
      readonly location: string;
      /** For whoever asks by a loopback address. */
      readonly loopbackLocation: string;
    };

export interface BackendModel {
  readonly name: string;
  readonly arn: string;
  readonly protocol: string;
  readonly leastOutstanding: boolean;
  readonly idleSeconds: number;
  readonly health: HealthCheckView;
  readonly servers: readonly ServerModel[];
}

export interface ServerModel {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly draining: boolean;
  /** Takes requests when no server of its backend is healthy, as an ALB does with targets that are all unhealthy. */
  readonly lastResort: boolean;
}
