import { join } from "node:path";
import { latestUbuntuImage } from "../aws/ubuntu-image.ts";
import type { Target } from "../commands/target.ts";
import type { StackRecord } from "../rollout/stack-record.ts";
import { desiredStack } from "../stack/stack.ts";
import { filesHash, renderStack } from "../terraform/render.ts";
import { loadTemplates } from "../terraform/template-files.ts";

/** What should be: the rendered files, before anything is written or asked of Terraform. */
export interface Desired {
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 over the files. */
  readonly hash: string;
  /** Where Terraform works; see workFolder. */
  readonly folder: string;
  readonly amiId: string;
}

/**
 * Renders the stack. The machine image is the one that was applied last, so that Canonical's newest image
 * never replaces a fleet by surprise; `refreshAmi` takes the newest.
 */
export async function resolveDesired(
  target: Target,
  applied: StackRecord | undefined,
  options: { readonly refreshAmi: boolean },
): Promise<Desired> {
  const { config } = target;
  const amiId =
    applied === undefined || options.refreshAmi ? await newestImage(target) : applied.ami_id;
  const stack = desiredStack(config, {
    account: target.identity.account,
    amiId,
    stateBucket: target.bucket,
  });
  const files = renderStack(stack, await loadTemplates());
  return {
    files,
    hash: filesHash(files),
    folder: workFolder(target),
    amiId,
  };
}

export async function newestImage(target: Target): Promise<string> {
  const architecture = target.config.image.platform === "linux/arm64" ? "arm64" : "amd64";
  return latestUbuntuImage(await target.aws.ssm(), architecture);
}

/**
 * Outside the user's project, because that is mostly the build context as well: a `COPY . .` would put plans into the image.
 * One folder for a stack whatever checkout `up` is run from, so that a state which could not be saved is found again.
 */
function workFolder(target: Target): string {
  const { name, environment, region } = target.config;
  return join(target.stateFolder, "stacks", target.identity.account, region, name, environment);
}
