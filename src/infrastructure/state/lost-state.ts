import { CommandError } from "../../errors/command-error.ts";
import { nameStack, stateBucketName } from "../../stack/names.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { StatePlace } from "./state-place.ts";

/**
 * The stack was applied, and Terraform's state of it is gone: to Terraform nothing exists, so that an apply would make everything again and a
 * destroy would find nothing to do. The bucket is versioned, and removing the marker of the deletion brings the state back.
 */
export function lostStateError(
  place: Pick<StackRecord, "name" | "environment" | "region">,
  account: string,
  state: Pick<StatePlace, "backend" | "name">,
): CommandError {
  const { name, environment, region } = place;
  const bucket = stateBucketName(account, region);
  const key = `${nameStack(name, environment, region).state_prefix}/terraform.tfstate`;
  const next = {
    s3: `aws s3api list-object-versions --bucket ${bucket} --prefix ${key} lists what was deleted; aws s3api delete-object with the --version-id of the delete marker brings the state back`,
    local:
      "run it on the machine and in the folder that has the file, or copy the file from a backup; without one, delete the stack's resources in the AWS console",
    cloud:
      "look for the workspace's earlier states in HCP Terraform; TF_TOKEN_app_terraform_io may also be another organization's token",
  } as const;
  return new CommandError(`Terraform's state of ${name} (${environment}) is gone.`, {
    where: state.name,
    why: "stack.json says that the stack was applied; without its state Terraform takes nothing of it for existing",
    next: next[state.backend],
  });
}

/** The same for a workspace of HCP Terraform, which only Terraform can read. */
export function emptyWorkspaceError({ name }: Pick<StatePlace, "name">): CommandError {
  return new CommandError("The workspace has no state of this stack.", {
    where: name,
    why: "stack.json says that the stack was applied; without its state Terraform takes nothing of it for existing",
    next: "look for the workspace's earlier states in HCP Terraform, or push the state there: terraform state push FILE, in the folder of infer-deploy render --out moved",
  });
}
