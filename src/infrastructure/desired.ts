import { join } from "node:path";
import { latestUbuntuImage } from "../aws/ubuntu-image.ts";
import type { Target } from "../target/target.ts";

import type { AppliedFacts } from "../state/stack-record.ts";
import { desiredStack } from "../stack/stack.ts";
import { filesHash, renderStack } from "../terraform/render/render.ts";
import { loadTemplates } from "../terraform/render/template-files.ts";
import { readServingColour } from "../release/observe/serving-colour.ts";
import type { Colour } from "../stack/colour.ts";

/** What should be: the rendered files, before anything is written or asked of Terraform. */
export interface Desired {
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 over the files, the same whichever colour serves. */
  readonly hash: string;
  /** Where Terraform works; see workFolder. */
  readonly folder: string;
  readonly amiId: string;
  readonly amiArchitecture: Architecture;
}

type Architecture = NonNullable<AppliedFacts["ami_architecture"]>;

/**
 * Renders the stack. The machine image is the one that was applied last, so that Canonical's newest image
 * never replaces a fleet by surprise; `refreshAmi` takes the newest, and so does another processor, on which the old one does not start.
 */
export async function resolveDesired(
  target: Pick<Target, "config" | "aws" | "identity" | "bucket" | "stateFolder">,
  applied: AppliedFacts | undefined,
  options: {
    readonly refreshAmi: boolean;
    /** Colour of the last good release: serves where no listener is left to tell. */
    readonly lastColour?: Colour | undefined;
  },
): Promise<Desired> {
  const { config } = target;
  const architecture = architectureOf(target);
  const kept =
    options.refreshAmi || (applied?.ami_architecture ?? architecture) !== architecture
      ? undefined
      : applied?.ami_id;
  const [amiId, seenColour, templates] = await Promise.all([
    kept ?? newestImage(target),
    applied === undefined
      ? undefined
      : readServingColour(await target.aws.loadBalancing(), applied),
    loadTemplates(),
  ]);
  const servingColour = seenColour ?? options.lastColour;
  const facts = { account: target.identity.account, amiId, stateBucket: target.bucket };
  const files = renderStack(
    desiredStack(config, servingColour === undefined ? facts : { ...facts, servingColour }),
    templates,
  );
  return {
    files,
    // Without the colour: a release moves the traffic, and the stack that is wanted stays the same.
    hash: filesHash(renderStack(desiredStack(config, facts), templates)),
    folder: workFolder(target),
    amiId,
    amiArchitecture: architecture,
  };
}

export async function newestImage(target: Pick<Target, "config" | "aws">): Promise<string> {
  return latestUbuntuImage(await target.aws.ssm(), architectureOf(target));
}

function architectureOf({ config }: Pick<Target, "config">): Architecture {
  return config.image.platform === "linux/arm64" ? "arm64" : "amd64";
}

/**
 * Outside the user's project, because that is mostly the build context as well: a `COPY . .` would put plans into the image.
 * One folder for a stack whatever checkout `up` is run from, so that a state which could not be saved is found again.
 */
function workFolder(target: Pick<Target, "config" | "identity" | "stateFolder">): string {
  const { name, environment, region } = target.config;
  return join(target.stateFolder, "stacks", target.identity.account, region, name, environment);
}
