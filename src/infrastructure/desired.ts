import type { Config } from "../config/schema/config.ts";
import type { Colour } from "../stack/colour.ts";
import { desiredStack } from "../stack/stack.ts";
import type { AppliedFacts } from "../state/stack-record.ts";
import { filesHash, renderStack } from "../terraform/render/render-stack.ts";
import { loadTemplates } from "../terraform/render/template-files.ts";
import { stackFolder } from "./local-record.ts";

/** What should be: the rendered files, before anything is written or asked of Terraform. */
export interface Desired {
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 over the files, the same whichever colour serves. */
  readonly hash: string;
  /** Where Terraform works. */
  readonly folder: string;
  readonly amiId: string;
  readonly amiArchitecture: Architecture;
}

export type Architecture = NonNullable<AppliedFacts["ami_architecture"]>;

/** What the rendered files depend on. */
export interface DesiredSources {
  readonly config: Config;
  readonly account: string;
  /** Where this machine keeps what it knows of stacks. */
  readonly stateFolder: string;
  /** AMI id of Canonical's newest image. */
  readonly newestImage: (architecture: Architecture) => Promise<string>;
  /** The colour that serves a stack that was applied; undefined when its listener is gone. */
  readonly servingColour: (applied: AppliedFacts) => Promise<Colour | undefined>;
}

/**
 * Renders the stack. The machine image is the one that was applied last, so that Canonical's newest image
 * never replaces a fleet by surprise; `refreshAmi` takes the newest, and so does another processor, on which the old one does not start.
 */
export async function resolveDesired(
  sources: DesiredSources,
  applied: AppliedFacts | undefined,
  options: {
    readonly refreshAmi: boolean;
    /** Colour of the last good release: serves where no listener is left to ask. */
    readonly lastColour?: Colour | undefined;
  },
): Promise<Desired> {
  const { config } = sources;
  const architecture = architectureOf(config);
  const kept =
    options.refreshAmi || (applied?.ami_architecture ?? architecture) !== architecture
      ? undefined
      : applied?.ami_id;
  const [amiId, seenColour, templates] = await Promise.all([
    kept ?? sources.newestImage(architecture),
    applied === undefined ? undefined : sources.servingColour(applied),
    loadTemplates(),
  ]);
  const servingColour = seenColour ?? options.lastColour;
  const facts = { account: sources.account, amiId };
  const files = renderStack(
    desiredStack(config, servingColour === undefined ? facts : { ...facts, servingColour }),
    templates,
  );
  return {
    files,
    // Without the colour: a release moves the traffic, and the stack that is wanted stays the same.
    hash: filesHash(renderStack(desiredStack(config, facts), templates)),
    folder: stackFolder(sources.stateFolder, sources.account, config),
    amiId,
    amiArchitecture: architecture,
  };
}

export function architectureOf({ image }: Pick<Config, "image">): Architecture {
  return image.platform === "linux/arm64" ? "arm64" : "amd64";
}
