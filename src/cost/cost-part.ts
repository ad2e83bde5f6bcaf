import type { Config } from "../config/schema/config.ts";

/** The settings that cost something; a `Config` has them. */
export type CostSettings = Pick<
  Config,
  | "alerts"
  | "auth"
  | "dashboard"
  | "domains"
  | "https"
  | "metrics"
  | "oidc"
  | "routing"
  | "secrets"
  | "topology"
  | "waf"
> & {
  readonly instances: Pick<Config["instances"], "diskGb" | "max" | "min" | "otherTypes" | "type">;
  readonly network: Pick<Config["network"], "egress" | "internal" | "vpc">;
  readonly release: Pick<Config["release"], "strategy">;
  readonly scaling: Pick<Config["scaling"], "target">;
};

/** One part of the stack: what it is, and what it costs. */
export interface CostPart {
  readonly part: PartName;
  /** Such as `2 t3.small`. */
  readonly what: string;
  /** USD, to the cent; null where a price is not known. */
  readonly usd_per_month: number | null;
}

export type PartName =
  | "instances"
  | "volumes"
  | "load_balancer"
  | "public_addresses"
  | "nat_gateways"
  | "endpoints"
  | "web_acl"
  | "health_checks"
  | "secrets"
  | "alarms"
  | "metrics"
  | "dashboard";
