import type { Config } from "../config/schema/config.ts";
import type { Colour } from "./colour.ts";

/** The settings that a stack is made from; a `Config` has them. */
export type StackInput = Pick<
  Config,
  | "alarms"
  | "alerts"
  | "budget"
  | "cache"
  | "auth"
  | "dashboard"
  | "domains"
  | "environment"
  | "github"
  | "https"
  | "identity"
  | "logs"
  | "metrics"
  | "model"
  | "name"
  | "oidc"
  | "protection"
  | "region"
  | "requests"
  | "responseHeaders"
  | "routing"
  | "scaling"
  | "secrets"
  | "state"
  | "tags"
  | "topology"
  | "waf"
  | "zone"
> & {
  readonly image: Pick<Config["image"], "port">;
  readonly release: Pick<Config["release"], "before">;
  readonly health: Omit<Config["health"], "failFast">;
  readonly instances: Omit<Config["instances"], "machineImage" | "memoryMb">;
  readonly network: Omit<Config["network"], "zones">;
};

/** Where the login of `auth: oidc` goes: https URLs, from the issuer's own description. */
export interface LoginEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly userInfo: string;
}

/** Facts that must be looked up. */
export interface StackFacts {
  /** Null: bare terraform asks for it. */
  readonly account: string | null;
  readonly amiId: string | null;
  readonly zones: readonly string[] | null;
  /** ARN of the rule group that has the API keys. Undefined: there is none yet, or no configuration asks for one. */
  readonly keyGroup?: string;
  /** Undefined: not known, or no configuration asks for a login. */
  readonly login?: LoginEndpoints;
  /** Names of secrets that instances may read already. */
  readonly readableSecrets?: readonly string[];
  /** What instances may read already of models in S3, as BUCKET/PREFIX. */
  readonly readableModels?: readonly string[];
  /** The colour that serves. Only new listeners use it, for example when a domain is added: they send everything to it. */
  readonly servingColour?: Colour;
}
