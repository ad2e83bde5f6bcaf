import type { HealthCheckView, LoginView, ProtocolVersion } from "../observe/region-view.ts";
import type { WebAclView } from "../firewall/web-acl.ts";
import type { AuthorityModel } from "../authority/authority-model.ts";
import type { EdgeView } from "../edge/edge-view.ts";
import type { Weighted } from "./weights.ts";

/** The wanted state of HAProxy. Every name is one in HAProxy's configuration. */
export interface BalancerModel {
  /** Connections to targets stay open for the idle timeout and are used again. */
  readonly keepsConnections: boolean;
  readonly listeners: readonly ListenerModel[];
  readonly backends: readonly BackendModel[];
  /** Distributions of CloudFront in front of the listeners. */
  readonly edges: readonly EdgeView[];
  /** Null while the region has no use for a certificate authority. */
  readonly authority: AuthorityModel | null;
}

export interface ListenerModel {
  readonly name: string;
  /** The loopback port; it is the same inside the container. */
  readonly published: number;
  /** The port that the listener has on AWS. */
  readonly port: number;
  readonly idleSeconds: number;
  /** After which a client's connection ends with the next answer. */
  readonly clientSeconds: number;
  readonly dropsInvalidHeaders: boolean;
  /** Headers on every answer. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** The rules that inspect each request first; null without a web ACL. */
  readonly webAcl: WebAclView | null;
  readonly failsOpen: boolean;
  /** Null for plain HTTP. */
  readonly certificate: CertificateModel | null;
  /** Port on AWS -> loopback port, for all listeners of the same load balancer; redirects use it. */
  readonly siblings: Readonly<Record<string, number>>;
  /** The file of patterns and their rules, one a line, in the order of evaluation; a map, because it changes without a reload. */
  readonly rulesMap: string;
  /** The file of RULE/SLOT and its backend; a map for the same reason. */
  readonly weightsMap: string;
  /** The login that requests of the default rule need; null without one. */
  readonly login: LoginView | null;
  /** By priority; the last one is the listener's default, which always matches. */
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
      /** For requests to a loopback address. */
      readonly loopbackLocation: string;
    };

export interface BackendModel {
  readonly name: string;
  readonly arn: string;
  readonly protocol: string;
  readonly protocolVersion: ProtocolVersion;
  readonly leastOutstanding: boolean;
  readonly idleSeconds: number;
  readonly keepsConnections: boolean;
  readonly health: HealthCheckView;
  readonly servers: readonly ServerModel[];
}

export interface ServerModel {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly draining: boolean;
  /** Gets requests when no server of its backend is healthy, as on an ALB whose targets are all unhealthy. */
  readonly lastResort: boolean;
}
