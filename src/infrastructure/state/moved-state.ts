import { dirname } from "node:path";
import type { StateBackend } from "../../config/schema/project/state.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { shellWord } from "../../errors/printed-commands.ts";
import type { StatePlace } from "./state-place.ts";

/** The commands that copy the state to its new place. infer-deploy does not do it, because only a person can say which copy is the right one. */
export function movedStateError(
  { owner, addresses, backend, name: where }: StatePlace,
  before: StateBackend,
): CommandError {
  const { s3 } = addresses;
  const local = shellWord(addresses.local);
  const take: Readonly<Record<StateBackend, readonly string[]>> = {
    s3: [`aws s3 cp ${s3} moved.tfstate`],
    local: [`cp ${local} moved.tfstate`],
    cloud: [
      "infer-deploy render --out before (with state.backend: cloud again)",
      "terraform -chdir=before init",
      "terraform -chdir=before state pull >moved.tfstate",
    ],
  };
  const put: Readonly<Record<StateBackend, readonly string[]>> = {
    s3: [`aws s3 cp moved.tfstate ${s3}`],
    local: [
      `(umask 077 && mkdir -p ${shellWord(dirname(addresses.local))} && cp moved.tfstate ${local})`,
    ],
    cloud: [
      "infer-deploy render --out moved",
      "terraform -chdir=moved init",
      "terraform -chdir=moved state push ../moved.tfstate",
    ],
  };
  return new CommandError(
    `Terraform's state of ${owner.name} (${owner.environment}) is not in ${where}.`,
    {
      exitCode: exitCodes.usage,
      where: "state.backend in infer-deploy.yml",
      why: `the stack was applied with backend: ${before}, and without its state Terraform would make everything again`,
      detail: [...take[before], ...put[backend]],
      next: `set state.backend to ${before} again, or move the state with the commands above and delete moved.tfstate and the old copy`,
    },
  );
}
