import type { StateBackend } from "../../config/schema/project/state.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { nameStack, stateBucketName } from "../../stack/names.ts";
import type { AppliedFacts, StackRecord } from "../../state/stack-record.ts";
import { lostStateError } from "./lost-state.ts";
import type { StatePlace } from "./state-place.ts";

type Place = Pick<StackRecord, "name" | "environment" | "region">;

/**
 * Throws CommandError when the stack was applied and its state is not where the configuration says: with the commands that move it, if the
 * configuration has changed its mind. An older state than the applied one counts as none: it is a copy that was left behind.
 */
export async function requireState(
  place: Place,
  account: string,
  state: StatePlace,
  applied: (Pick<AppliedFacts, "state_backend"> & { readonly state_serial?: number }) | undefined,
): Promise<void> {
  if (applied === undefined) return;
  const serial = await state.serial();
  const before = applied.state_backend ?? "s3";
  const hasMoved = before !== state.backend;
  if (hasMoved && (serial === undefined || serial < (applied.state_serial ?? 0))) {
    throw movedStateError(place, account, before, state);
  }
  if (serial === undefined) throw lostStateError(place, account, state);
}

/** The commands that copy the state to its new place. infer-deploy does not do it, because only a person can say which copy is the right one. */
export function movedStateError(
  place: Place,
  account: string,
  before: StateBackend,
  state: Pick<StatePlace, "backend" | "name">,
): CommandError {
  const { name, environment, region } = place;
  const prefix = nameStack(name, environment, region).state_prefix;
  const object = `s3://${stateBucketName(account, region)}/${prefix}/terraform.tfstate`;
  const take: Readonly<Record<StateBackend, string>> = {
    s3: `aws s3 cp ${object} moved.tfstate`,
    local: `cp .infer-deploy/${account}/${region}/${name}/${environment}/terraform.tfstate moved.tfstate`,
    cloud: `terraform state pull >moved.tfstate (in the folder of infer-deploy render --out old, with the old state.backend)`,
  };
  const put: Readonly<Record<StateBackend, readonly string[]>> = {
    s3: [`aws s3 cp moved.tfstate ${object}`],
    local: [`install -D -m 600 moved.tfstate ${state.name}`],
    cloud: [
      "infer-deploy render --out moved",
      "terraform -chdir=moved init",
      "terraform -chdir=moved state push ../moved.tfstate",
    ],
  };
  return new CommandError(
    `Terraform's state of ${name} (${environment}) is not in ${state.name}.`,
    {
      exitCode: exitCodes.usage,
      where: "state.backend in infer-deploy.yml",
      why: `the stack was applied with backend: ${before}, and without its state Terraform would make everything again`,
      detail: [take[before], ...put[state.backend]],
      next: `set state.backend to ${before} again, or move the state with the commands above and delete the old copy`,
    },
  );
}
