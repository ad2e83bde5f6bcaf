import * as z from "zod/mini";
import type { Topology } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { firstIssue, parseDocument } from "./document.ts";
import type { ObjectStore } from "./object-store.ts";

const perColour = z.object({ blue: z.string(), green: z.string() });

const alarmsOfColour = z.object({ errors: z.string(), latency: z.string(), unhealthy: z.string() });

const commonShape = {
  url: z.string(),
  release_pointers: perColour,
  repository_url: z.string(),
  repository_name: z.string(),
  /** Roles of a GitHub repository's workflows. Absent: none. */
  github_role_arns: z.optional(z.object({ plan: z.string(), release: z.string() })),
  /** Absent without CloudFront. */
  cloudfront: z.optional(
    z.object({ distribution_id: z.string(), cached_paths: z.array(z.string()) }),
  ),
  /** Alarms that people hear of, and the topic that sends e-mails. Absent without `alerts`. */
  alerts: z.optional(
    z.object({ alarm_names: z.array(z.string()), topic_arn: z.nullable(z.string()) }),
  ),
  /** Of CloudWatch's dashboard. Absent: there is none. */
  dashboard_url: z.optional(z.string()),
  log_groups: z.object({ app: z.string(), boot: z.string() }),
  /** Names of the stack's alarms, grouped by what they watch. */
  alarm_names: z.object({
    blue: alarmsOfColour,
    green: alarmsOfColour,
    /** Of what answers where no instance does: the load balancer, or the machine's door. */
    load_balancer: z.object({ unanswered: z.string() }),
  }),
};

const fleetSchema = z.object({
  ...commonShape,
  load_balancer_dns_name: z.string(),
  load_balancer_arn: z.string(),
  listener_arn: z.string(),
  target_group_arns: perColour,
  autoscaling_group_names: perColour,
});

const singleSchema = z.object({
  ...commonShape,
  machine: z.object({
    /** Its Auto Scaling group, of one. */
    group: z.string(),
    /** The Elastic IP. */
    address: z.string(),
    /** Names in the Parameter Store. */
    parameters: z.object({ settings: z.string(), traffic: z.string() }),
    /** Alarms that no release watches. */
    alarm_names: z.array(z.string()),
  }),
});

const recordShape = {
  schema_version: z.literal(1),
  name: z.string(),
  environment: z.string(),
  region: z.string(),
  account: z.string(),
  /** Hash of the rendered files that were applied. */
  applied_hash: z.string(),
  /** Serial of the Terraform state after the apply. */
  state_serial: z.number(),
  ami_id: z.string(),
  /** The image's processor. */
  ami_architecture: z.optional(z.enum(["amd64", "arm64"])),
  /** Whose image it is, or would be without instances.machine_image: AWS's for GPU types, or Canonical's, also if absent. */
  ami_kind: z.optional(z.enum(["ubuntu", "gpu"])),
  /** Of the instances' root disk, which the image fits on. */
  disk_gb: z.optional(z.number()),
  /** The zones of the subnets, in their order. Absent in records of the first versions. */
  zones: z.optional(z.array(z.string())),
  /** Whether the address is private. Absent: it is public. */
  internal: z.optional(z.boolean()),
  /** Whether the address is CloudFront's. Absent: it is the load balancer's. */
  cloudfront: z.optional(z.boolean()),
  /** IPv4 ranges that may send requests to a public address. Absent in records of the first versions. */
  allow: z.optional(z.array(z.string())),
  /** The existing VPC that the stack is in. Absent: it has its own. */
  vpc: z.optional(z.string()),
  /** How instances reach the internet. Absent in records of the first versions. */
  egress: z.optional(z.enum(["nat", "nat-per-zone", "endpoints", "public"])),
  /** Most instances of a colour. Absent in records of the first versions. */
  max: z.optional(z.int()),
  /** Outputs of the other topology's parts, while the stack moves from one to the other. The address leads to the parts of `outputs`. */
  beside: z.optional(z.union([fleetSchema, singleSchema])),
  /** Where it moves. Absent: it does not. */
  moves_to: z.optional(z.enum(["fleet", "single"])),
  /** Names of the secrets that instances may read. Absent: none. */
  secrets: z.optional(z.array(z.string())),
  /** What instances may read of models in S3, as BUCKET/PREFIX. Absent: nothing. */
  models: z.optional(z.array(z.string())),
  /** ARN of the rule group that has the API keys. Absent: a request needs none. */
  key_group: z.optional(z.string()),
  /** The login that the listener asks for. Absent: it lets everyone in. */
  login: z.optional(
    z.object({
      /** Of the listener that got the client's secret. */
      listener_arn: z.string(),
      issuer: z.string(),
      authorization_endpoint: z.string(),
      token_endpoint: z.string(),
      user_info_endpoint: z.string(),
      client_id: z.string(),
      scope: z.string(),
      session_seconds: z.number(),
      /** Secrets Manager's id of the version of the client's secret that the listener has. */
      secret_version: z.string(),
    }),
  ),
  /** Where Terraform's state was: `local` or `cloud`. Absent: the bucket. */
  state_backend: z.optional(z.enum(["s3", "local", "cloud"])),
  /** Of the AWS provider. The state's format follows it, and an older provider cannot read a newer one's. */
  provider_version: z.optional(z.string()),
  applied_at: z.string(),
};

const records = {
  fleet: z.object({ ...recordShape, outputs: fleetSchema }),
  single: z.object({ ...recordShape, outputs: singleSchema }),
} as const;

/** The root module's outputs: everything that the verbs need to find. */
export type StackOutputs = FleetOutputs | SingleOutputs;

/** With `topology: fleet`. */
export type FleetOutputs = z.infer<typeof fleetSchema>;

/** With `topology: single`. */
export type SingleOutputs = z.infer<typeof singleSchema>;

/** PREFIX/stack.json: what was applied last. It lets `status` and `release` work without Terraform and the rendered folder. */
export type StackRecord = Omit<z.infer<(typeof records)["fleet"]>, "outputs"> & {
  outputs: StackOutputs;
};

const factsSchema = z.object({
  ami_id: recordShape.ami_id,
  ami_architecture: recordShape.ami_architecture,
  ami_kind: recordShape.ami_kind,
  disk_gb: recordShape.disk_gb,
  zones: recordShape.zones,
  internal: recordShape.internal,
  cloudfront: recordShape.cloudfront,
  vpc: recordShape.vpc,
  secrets: recordShape.secrets,
  models: recordShape.models,
  key_group: recordShape.key_group,
  login: recordShape.login,
  state_backend: recordShape.state_backend,
  state_serial: z.optional(recordShape.state_serial),
  provider_version: recordShape.provider_version,
  outputs: z.union([
    z.pick(fleetSchema, {
      url: true,
      load_balancer_dns_name: true,
      listener_arn: true,
      target_group_arns: true,
      cloudfront: true,
    }),
    z.pick(singleSchema, { url: true, machine: true, cloudfront: true }),
  ]),
});

/** A login as it was given to a listener. */
export type AppliedLogin = NonNullable<StackRecord["login"]>;

/** The part of the record that the next plan needs. */
export type AppliedFacts = z.infer<typeof factsSchema>;

/** What was applied last; undefined when `up` has never finished here. Throws CommandError when the record cannot be read. */
export async function readStackRecord(
  store: Pick<ObjectStore, "get">,
): Promise<StackRecord | undefined> {
  const stored = await store.get(stackKey);
  return stored === undefined ? undefined : parseStackRecord(stored.value);
}

/** Throws CommandError when this version cannot read the document. */
export function parseStackRecord(value: unknown): StackRecord {
  const { outputs } = (value ?? {}) as { readonly outputs?: unknown };
  return parseDocument<StackRecord>(records[topologyOf(outputs)], value, {
    key: stackKey,
    next: "infer-deploy up --refresh writes it again",
    rewrite: "infer-deploy up --refresh writes it in this version's format",
  });
}

/** The facts for a plan, from a record of any version; undefined when even those are missing. */
export function salvageFacts(value: unknown): AppliedFacts | undefined {
  return factsSchema.safeParse(value).data;
}

/**
 * Those of one topology: a stack that moves has both. Throws CommandError when Terraform's outputs are not the root module's, as after
 * `terraform apply` of other files.
 */
export function parseOutputs(value: unknown, topology: Topology): StackOutputs {
  const parsed = (topology === "single" ? singleSchema : fleetSchema).safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw new CommandError("Terraform's outputs do not come from an infer-deploy stack.", {
    why: firstIssue(parsed.error),
  });
}

/** Those of a fleet. Throws CommandError (64) for one machine, which has no load balancer. */
export function fleetOutputs(outputs: StackOutputs): FleetOutputs {
  if (!("machine" in outputs)) return outputs;
  throw new CommandError("This is about a load balancer, and the stack is one machine.", {
    exitCode: exitCodes.usage,
    where: "topology: single",
    next: "infer-deploy status shows the machine",
  });
}

/** Which kind of stack has these outputs: the errors about them name what that kind needs. */
export function topologyOf(outputs: unknown): Topology {
  return typeof outputs === "object" && outputs !== null && "machine" in outputs
    ? "single"
    : "fleet";
}

/** Throws CommandError (1) while the stack moves from one topology to the other: a release would start on one of them only. */
export function refuseMoving(stack: Pick<StackRecord, "beside" | "environment" | "name">): void {
  const { beside, environment, name } = stack;
  if (beside === undefined) return;
  throw new CommandError(`${name} (${environment}) has not moved to its new topology yet.`, {
    why: "infer-deploy up was interrupted, or still runs",
    next: "infer-deploy up finishes the move",
  });
}

export const stackKey = "stack.json";
