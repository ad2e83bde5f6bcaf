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
  | "release-pointers"
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
  /** Which parts the address leads to: another topology's while the stack moves. */
  readonly serves: Topology;
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

/** A stack with all parts of one machine and of a fleet, while it moves from one to the other. */
export interface Beside {
  /** Which of them the address leads to. The settings are those of `topology` in infer-deploy.yml. */
  readonly serves: Topology;
}

/** `beside`: the other topology's parts too; null for the stack as it stays. */
export function desiredStack(
  input: StackInput,
  facts: StackFacts,
  beside: Beside | null = null,
): Stack {
  const names = nameStack(input.name, input.environment, input.region);
  const topologies: readonly Topology[] = beside === null ? [input.topology] : ["single", "fleet"];
  return {
    schema_version: 1,
    name: input.name,
    environment: input.environment,
    region: input.region,
    topology: input.topology,
    serves: beside?.serves ?? input.topology,
    names,
    modules: [
      ...(input.network.vpc === null ? (["network"] as const) : []),
      ...commonModules,
      ...topologies.flatMap((topology) => topologyModules[topology]),
      // One machine has its certificate from elsewhere.
      ...(input.domains.length > 0 && topologies.includes("fleet") ? (["dns"] as const) : []),
      ...(input.domains.length > 0 && input.zone !== null ? (["address"] as const) : []),
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
    variables: variablesOf(input, facts, names, topologies),
  };
}

const commonModules: readonly StackModule[] = ["registry", "identity", "logs", "release-pointers"];

const topologyModules: Readonly<Record<Topology, readonly StackModule[]>> = {
  single: ["machine-address", "machine", "machine-alarms"],
  fleet: ["load-balancer", "fleet", "alarms"],
};
