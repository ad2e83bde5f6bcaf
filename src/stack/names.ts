import { createHash } from "node:crypto";

type PerColour = Readonly<Record<"blue" | "green", string>>;

/** What a workflow of GitHub may do with its role: make releases, or look at a plan and at the status. */
export type GithubRole = "release" | "plan";

/** Every name that must be unique in an account or region. All derive from name, environment and region. */
export interface StackNames {
  /** `<name>-<environment>`, which is unique because environments have no hyphen. */
  readonly id: string;
  /** What the templates call it in CloudFront, which has no regions. */
  readonly cloudfront: string;
  /** Of the records of a domain that is shared with other regions: ENVIRONMENT-REGION. */
  readonly set_identifier: string;
  readonly load_balancer: string;
  readonly target_groups: PerColour;
  /** Auto Scaling groups and launch templates. */
  readonly groups: PerColour;
  /** The role and its instance profile. */
  readonly instance_role: string;
  readonly github_roles: Readonly<Record<GithubRole, string>>;
  readonly repository: string;
  /** The web ACL's log group. AWS WAF requires how its name begins. */
  readonly waf_log_group: string;
  /** `network` has the flow logs, `metrics` what instances measure. */
  readonly log_groups: Readonly<Record<"app" | "boot" | "metrics" | "network", string>>;
  /** By which AWS writes the flow logs. */
  readonly flow_log_role: string;
  /** The Auto Scaling group of one machine, and its launch template. */
  readonly machine: string;
  /** Parameters that the machine's door follows: what infer-deploy.yml says, and where releases send requests. */
  readonly door: Readonly<Record<"settings" | "traffic", string>>;
  readonly release_pointers: PerColour;
  readonly secret_prefix: string;
  /** Of the secret with the API keys. No role of an instance may read what is below it. */
  readonly key_prefix: string;
  /** Prefix of the stack's keys in the state bucket. */
  readonly state_prefix: string;
}

/** Expects a name and an environment that the configuration's schema accepts. */
export function nameStack(name: string, environment: string, region: string): StackNames {
  const id = `${name}-${environment}`;
  const path = `infer-deploy/${name}/${environment}`;
  return {
    id,
    cloudfront: `${id}-${region}`,
    set_identifier: `${environment}-${region}`,
    load_balancer: shorten(id, "", limits.loadBalancer),
    target_groups: perColour((colour) => shorten(id, `-${colour}`, limits.loadBalancer)),
    groups: perColour((colour) => `${id}-${colour}`),
    // IAM has no regions: without it, the same stack in a second region would take over the role.
    instance_role: shorten(`${id}-${region}`, "-instance", limits.role),
    github_roles: {
      release: shorten(`${id}-${region}`, "-release", limits.role),
      plan: shorten(`${id}-${region}`, "-plan", limits.role),
    },
    repository: path,
    waf_log_group: `aws-waf-logs-${path}`,
    log_groups: {
      app: `/${path}/app`,
      boot: `/${path}/boot`,
      metrics: `/${path}/metrics`,
      network: `/${path}/network`,
    },
    flow_log_role: shorten(`${id}-${region}`, "-flow-logs", limits.role),
    machine: `${id}-machine`,
    door: { settings: `/${path}/door/settings`, traffic: `/${path}/door/traffic` },
    release_pointers: perColour((colour) => `/${path}/${colour}/release`),
    secret_prefix: `${path}/`,
    key_prefix: `infer-deploy-keys/${name}/${environment}/`,
    state_prefix: `${name}/${environment}`,
  };
}

/**
 * The bucket of all stacks of one account and region. A name with this ending is in the account's own namespace, where no other account
 * can create it (S3 user guide, "Namespaces for general purpose buckets"). Two regions do not have that yet.
 */
export function stateBucketName(account: string, region: string): string {
  const isShared = region === "me-central-1" || region === "me-south-1";
  return `infer-deploy-${account}-${region}${isShared ? "" : "-an"}`;
}

/** Shortens `head` when head + suffix is too long, and adds a hash of the original. */
export function shorten(head: string, suffix: string, limit: number): string {
  if (head.length + suffix.length <= limit) {
    return head + suffix;
  }
  const hash = createHash("sha256").update(head).digest("hex").slice(0, hashLength);
  const kept = head.slice(0, limit - suffix.length - hash.length - 1).replace(/-+$/, "");
  return `${kept}-${hash}${suffix}`;
}

function perColour(name: (colour: "blue" | "green") => string): PerColour {
  return { blue: name("blue"), green: name("green") };
}

/** Elastic Load Balancing: 32 for load balancers and for target groups. IAM: 64 for a role. */
const limits = { loadBalancer: 32, role: 64 } as const;

const hashLength = 8;
