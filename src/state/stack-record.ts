import { z } from "zod";
import { CommandError } from "../errors/command-error.ts";

const perColour = z.object({ blue: z.string(), green: z.string() });

const outputsSchema = z.object({
  url: z.string(),
  load_balancer_dns_name: z.string(),
  load_balancer_arn: z.string(),
  listener_arn: z.string(),
  target_group_arns: perColour,
  autoscaling_group_names: perColour,
  release_pointers: perColour,
  repository_url: z.string(),
  repository_name: z.string(),
  log_groups: z.object({ app: z.string(), boot: z.string() }),
  alarm_names: z.array(z.string()),
});

const recordSchema = z.object({
  schema_version: z.literal(1),
  name: z.string(),
  environment: z.string(),
  region: z.string(),
  account: z.string(),
  /** Hash of the rendered files that were applied. */
  applied_hash: z.string(),
  /** Serial of the Terraform state that the apply left. */
  state_serial: z.number(),
  ami_id: z.string(),
  /** Processor that the image is for. Absent in the records of the first builds. */
  ami_architecture: z.enum(["amd64", "arm64"]).optional(),
  applied_at: z.string(),
  outputs: outputsSchema,
});

/** What the root module outputs: everything that the verbs need to find. */
export type StackOutputs = z.infer<typeof outputsSchema>;

/** PREFIX/stack.json: what was applied last. With it, `status` and `release` need neither Terraform nor the rendered folder. */
export type StackRecord = z.infer<typeof recordSchema>;

const factsSchema = z.object({
  ami_id: recordSchema.shape.ami_id,
  ami_architecture: recordSchema.shape.ami_architecture,
  outputs: outputsSchema.pick({ url: true, listener_arn: true, target_group_arns: true }),
});

/** The part of the record that the next plan starts from. */
export type AppliedFacts = z.infer<typeof factsSchema>;

/** Throws CommandError when the document is not one that this version wrote. */
export function parseStackRecord(value: unknown): StackRecord {
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw new CommandError(
    "stack.json in the state bucket cannot be read by this version of infer-deploy.",
    {
      why: firstIssue(parsed.error),
      next: "infer-deploy up --refresh writes it anew",
    },
  );
}

/** What a plan needs of a record of whatever version; undefined when even that is not in it. */
export function salvageFacts(value: unknown): AppliedFacts | undefined {
  return factsSchema.safeParse(value).data;
}

/** Throws CommandError when Terraform's outputs are not those of the root module, as after `terraform apply` of other files. */
export function parseOutputs(value: unknown): StackOutputs {
  const parsed = outputsSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw new CommandError("Terraform's outputs are not those of an infer-deploy stack.", {
    why: firstIssue(parsed.error),
  });
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? "unknown" : `${issue.path.join(".")}: ${issue.message}`;
}
