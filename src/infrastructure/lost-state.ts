import { CommandError } from "../errors/command-error.ts";
import { nameStack, stateBucketName } from "../stack/names.ts";
import type { StackRecord } from "../state/stack-record.ts";

/**
 * The stack was applied, and Terraform's state of it is gone: to Terraform nothing exists, so that an apply would make everything again and a
 * destroy would find nothing to do. The bucket is versioned, and removing the marker of the deletion brings the state back.
 */
export function lostStateError(
  place: Pick<StackRecord, "name" | "environment" | "region">,
  account: string,
): CommandError {
  const { name, environment, region } = place;
  const bucket = stateBucketName(account, region);
  const key = `${nameStack(name, environment, region).state_prefix}/terraform.tfstate`;
  return new CommandError(`Terraform's state of ${name} (${environment}) is gone.`, {
    where: `s3://${bucket}/${key}`,
    why: "stack.json says that the stack was applied; without its state Terraform takes nothing of it for existing",
    next: `aws s3api list-object-versions --bucket ${bucket} --prefix ${key} lists what was deleted; aws s3api delete-object with the --version-id of the delete marker brings the state back`,
  });
}
