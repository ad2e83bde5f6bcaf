import type { Topology } from "../config/schema/config.ts";
import type { StateBackend } from "../config/schema/project/state.ts";
import { nameStack, stateBucketName, type StackNames } from "./names.ts";
import type { StackFacts, StackInput } from "./stack-input.ts";
import { hasHealthChecks } from "../config/schema/edge/routing.ts";
import { hasWebAcl, variablesOf, type StackVariables } from "./variables.ts";

export type StackModule =
  | "network"
  | "registry"
  | "identity"
  | "load-balancer"
  | "fleet"
  | "machine"
  | "machine-address"
  | "machine-alarms"
  | "logs"
  | "alarms"
  | "alerts"
  | "budget"
  | "dashboard"
  | "dns"
  | "address"
  | "health-checks"
  | "cloudfront"
  | "scaling"
  | "waf"
  | "github";

export type StackKnowledge =
  | `${"known" | "unknown"}-${"account" | "machine-image" | "zones"}`
  | "existing-vpc"
  | "login"
  | "unknown-login";

/** The stack that a configuration describes: plain data, the same for the same input. */
export interface Stack {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly topology: Topology;
  readonly names: StackNames;
  readonly modules: readonly StackModule[];
  /** Without a bucket, bare `terraform init` needs it as an option. */
  readonly backend: {
    readonly kind: StateBackend;
    readonly organization: string | null;
    readonly workspace: string | null;
    readonly bucket: string | null;
    readonly key: string;
    readonly region: string;
  };
  /** What is known about AWS and what is not, for the folder's README. */
  readonly knowledge: readonly StackKnowledge[];
  /** Releases own it, so it is not a Terraform variable: a changed minimum needs no Terraform run. */
  readonly capacity: { readonly min: number; readonly max: number };
  readonly variables: StackVariables;
}

export function desiredStack(input: StackInput, facts: StackFacts): Stack {
  const names = nameStack(input.name, input.environment, input.region);
  return {
    schema_version: 1,
    name: input.name,
    environment: input.environment,
    region: input.region,
    topology: input.topology,
    names,
    modules: [
      ...(input.network.vpc === null ? (["network"] as const) : []),
      ...(input.topology === "single" ? machineModules : fleetModules),
      // One machine has its certificate from elsewhere.
      ...(input.domains.length === 0 || input.topology === "single"
        ? []
        : (["dns", "address"] as const)),
      ...(hasHealthChecks(input) ? (["health-checks"] as const) : []),
      ...(input.https === "cloudfront" ? (["cloudfront"] as const) : []),
      ...(input.scaling.target === null ? [] : (["scaling"] as const)),
      ...(hasWebAcl(input) ? (["waf"] as const) : []),
      ...(input.alerts === null ? [] : (["alerts"] as const)),
      ...(input.budget === null ? [] : (["budget"] as const)),
      ...(input.dashboard ? (["dashboard"] as const) : []),
      ...(input.github === null ? [] : (["github"] as const)),
    ],
    backend: {
      kind: input.state.backend,
      organization: input.state.organization,
      workspace: input.state.workspace,
      bucket: facts.account === null ? null : stateBucketName(facts.account, input.region),
      key: `${names.state_prefix}/terraform.tfstate`,
      region: input.region,
    },
    knowledge: [
      facts.account === null ? "unknown-account" : "known-account",
      facts.amiId === null ? "unknown-machine-image" : "known-machine-image",
      input.network.vpc !== null
        ? "existing-vpc"
        : facts.zones === null
          ? "unknown-zones"
          : "known-zones",
      ...(input.oidc === null ? [] : (["login"] as const)),
      ...(input.oidc === null || facts.login !== undefined ? [] : (["unknown-login"] as const)),
    ],
    capacity: { min: input.instances.min, max: input.instances.max },
    variables: variablesOf(input, facts, names),
  };
}

const machineModules: readonly StackModule[] = [
  "registry",
  "identity",
  "logs",
  "machine-address",
  "machine",
  "machine-alarms",
];

const fleetModules: readonly StackModule[] = [
  "registry",
  "identity",
  "logs",
  "load-balancer",
  "fleet",
  "alarms",
];
