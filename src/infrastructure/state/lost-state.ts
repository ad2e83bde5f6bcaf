import { CommandError } from "../../errors/command-error.ts";
import { nameStack, stateBucketName } from "../../stack/names.ts";
import type { StatePlace } from "./state-place.ts";

/**
 * The stack was applied, and Terraform's state of it is gone: to Terraform nothing exists, so that an apply would make everything again and a
 * destroy would find nothing to do. The bucket is versioned, and removing the marker of the deletion brings the state back.
 */
export function lostStateError({
  owner,
  backend,
  name: where,
}: Pick<StatePlace, "backend" | "name" | "owner">): CommandError {
  const { account, environment, name, region } = owner;
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
    where,
    why: "stack.json says that the stack was applied; without its state Terraform takes nothing of it for existing",
    next: next[backend],
  });
}
