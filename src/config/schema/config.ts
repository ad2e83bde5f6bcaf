import * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { cache, type CachedRoute } from "./edge/cache.ts";
import { alerts, type AlertSettings } from "./sight/alerts.ts";
import { auth, type Auth } from "./auth.ts";
import { container, type ContainerOptions } from "./fleet/container.ts";
import { alarms, type AlarmSettings } from "./alarms.ts";
import { budget, type BudgetSettings } from "./sight/budget.ts";
import { expires } from "./sight/expires.ts";
import { dashboard } from "./sight/dashboard.ts";
import { metrics, type MetricSettings } from "./sight/metrics.ts";
import { github, type GithubSettings } from "./project/github.ts";
import { health, type HealthSettings } from "./health.ts";
import { identity, type IdentitySettings } from "./identity.ts";
import { image, type ImageSettings } from "./image.ts";
import { instances, type InstanceSettings } from "./fleet/instances.ts";
import { model, type ModelSettings } from "./fleet/model.ts";
import { logs, type LogSettings } from "./logs.ts";
import { network, type NetworkSettings } from "./network.ts";
import { version, type VersionSettings } from "./version.ts";
import { key, mapOf } from "../fields/keys.ts";
import { regions } from "../fields/regions.ts";
import { state, type StateSettings } from "./project/state.ts";
import { release, type ReleaseConfig } from "./release.ts";
import { requests, type RequestSettings } from "./requests.ts";
import { responseHeaders, type ResponseHeaders } from "./edge/response-headers.ts";
import { oidc, type OidcSettings } from "./edge/oidc.ts";
import { workload, type Workload } from "./fleet/workload.ts";
import { routing, type Routing } from "./edge/routing.ts";
import { waf, type WafSettings } from "./edge/waf.ts";
import { scaling, type ScalingSettings } from "./fleet/scaling.ts";
import { secrets, type SecretSettings } from "./secrets.ts";

/** One environment's settings: the file's, the environment's overrides and the defaults. `settle` makes it. */
export interface Config {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly topology: Topology;
  readonly image: ImageSettings;
  readonly container: ContainerOptions;
  /** Null: the weights are in the image, or the app fetches them. */
  readonly model: ModelSettings | null;
  readonly health: HealthSettings;
  readonly requests: RequestSettings;
  /** Null when the app does not report its version. */
  readonly version: VersionSettings | null;
  /** Null: none was chosen. */
  readonly workload: Workload | null;
  readonly instances: InstanceSettings;
  readonly scaling: ScalingSettings;
  readonly network: NetworkSettings;
  readonly identity: IdentitySettings;
  /** Null: no workflow gets a role. */
  readonly github: GithubSettings | null;
  readonly state: StateSettings;
  readonly waf: WafSettings;
  readonly auth: Auth;
  /** Null unless auth is oidc. */
  readonly oidc: OidcSettings | null;
  readonly responseHeaders: ResponseHeaders;
  /** Host names of the address; empty for plain HTTP. The first one is printed and asked. */
  readonly domains: readonly string[];
  /** Name or id of the Route53 zone of all domains; never null when there is one. */
  readonly zone: string | null;
  /** How the domains are shared with stacks in other regions. */
  readonly routing: Routing;
  /** cloudfront: the address is CloudFront's own name, with its certificate. Null: the domain decides. */
  readonly https: "cloudfront" | null;
  /** In the order of evaluation; empty without CloudFront. */
  readonly cache: readonly CachedRoute[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: SecretSettings;
  readonly tags: Readonly<Record<string, string>>;
  readonly logs: LogSettings;
  readonly protection: boolean;
  readonly release: ReleaseConfig;
  readonly alarms: AlarmSettings;
  /** Null: no alerts. */
  readonly alerts: AlertSettings | null;
  readonly dashboard: boolean;
  /** Null: there is no budget. */
  readonly budget: BudgetSettings | null;
  /** The last day on which the stack is wanted, such as 2026-12-31. */
  readonly expires: string | null;
  readonly metrics: MetricSettings;
}

/** The file's content, checked key by key; `check.ts` checks how keys fit together. */
export type ConfigFile = z.infer<typeof configFile>;
/** The keys that an environment can override: all but `name` and `environments`. */
export type Settings = z.infer<typeof settings>;

/** The environment of a file that declares none. */
export const defaultEnvironment = "production";

/** What a stack is made of. */
export type Topology = (typeof topologies)[number];

export function otherTopology(topology: Topology): Topology {
  return topology === "single" ? "fleet" : "single";
}

const topologies = ["fleet", "single"] as const;

export const defaultTopology = "fleet";

export const regionName = z.enum(regions, {
  error: ({ input }) =>
    typeof input === "string" && /^(?:cn|eusc)-/.test(input)
      ? "an AWS region, such as eu-central-1: China and the European Sovereign Cloud are not in this version"
      : "an AWS region, such as eu-central-1",
});
export const stackName = field.text(
  /^(?!internal-|sg-)(?=.{1,32}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
  // AWS reserves the two prefixes (load balancers, security groups).
  "1 to 32 lower-case letters, digits and single hyphens, beginning with a letter, not with internal- or sg-",
);
const environmentName = field.text(
  // No hyphens, or a-b in c and a in b-c would be the same stack. Short, so that a stack id has at most 48 characters.
  /^[a-z][a-z0-9]{0,14}$/,
  "1 to 15 lower-case letters and digits, beginning with a letter",
);

/** A certificate has at most ten names unless its quota is raised (ACM user guide, "Quotas"). */
const mostDomains = 10;

const hostName = field.text(
  // The first name of an ACM certificate has at most 64 characters (RequestCertificate, DomainName).
  /^(?=.{4,64}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
  "a lower-case host name of at most 64 characters, such as api.example.com",
);

const settingsShape = {
  region: key(regionName, "AWS region. The flag --region and INFER_DEPLOY_REGION override it."),
  topology: key(
    field.choice(topologies),
    "What the stack is made of. fleet: a load balancer and two groups of instances. single: one instance with an Elastic IP, and Caddy with a certificate of Let's Encrypt in front of the container. A stack that serves moves from one to the other with infer-deploy up, and its domain keeps answering.",
    defaultTopology,
  ),
  image,
  container,
  model,
  health,
  requests,
  version,
  workload,
  instances,
  scaling,
  network,
  identity,
  waf,
  auth,
  oidc,
  github,
  state,
  response_headers: responseHeaders,
  domain: key(
    z.union([hostName, z.array(hostName).check(z.minLength(1), z.maxLength(mostDomains))], {
      error: `a lower-case host name of at most 64 characters, such as api.example.com, or a list of 1 to ${mostDomains}`,
    }),
    "Host name of the address, or a list of them, which turns HTTPS on. The first one is the address that the verbs print. Needs zone.",
  ),
  zone: key(
    field.text(
      /^(?:Z[A-Z0-9]{1,31}|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9]))$/,
      "the name or the id of a Route53 zone, such as example.com",
    ),
    "Name or id of the Route53 hosted zone for the records of all domains.",
  ),
  routing,
  https: key(
    field.choice(["domain", "cloudfront"]),
    "Whose name and certificate the address has. domain: HTTPS where a domain is set. cloudfront: CloudFront's own name, such as d111111abcdef8.cloudfront.net, before a private load balancer. It cannot change while the stack exists.",
    "domain",
  ),
  cache,
  env: key(
    field.environmentVariables(),
    "Environment variables of the container, as they are written: nothing in them is replaced. An environment removes one of the file with null. Not for secrets.",
    {},
  ),
  secrets,
  tags: key(field.tagMap(), "Tags on every resource of the stack.", {}),
  logs,
  protection: key(
    field.flag(),
    "Deletion protection of the load balancer. Default: on in the environment production only.",
  ),
  release,
  alarms,
  alerts,
  dashboard,
  metrics,
  budget,
  expires,
};

const overridesShape = {
  ...settingsShape,
  env: key(
    field.environmentOverrides(),
    "Environment variables of the container; null removes one.",
  ),
};

const settings = z.strictObject(overridesShape, { error: mapOf(overridesShape) });

const fileShape = {
  name: stackName.register(z.globalRegistry, {
    description: "Name of the service. Together with the environment it names every resource.",
  }),
  ...settingsShape,
  environments: key(
    z.record(
      environmentName,
      z.nullable(
        settings.register(z.globalRegistry, {
          id: "settings",
          description: "Overrides: any key of the file but name and environments.",
        }),
      ),
      { error: "a map of environment names, each with the keys it overrides" },
    ),
    "Environments, each with the keys that differ. Maps are merged key by key; everything else is replaced.",
  ),
};

export const configFile = z.strictObject(fileShape, { error: mapOf(fileShape) });
