import { CommandError, exitCodes } from "../errors/command-error.ts";
import { isSent } from "./context-hash.ts";
import type { ImageSource } from "./docker-argv.ts";

/**
 * Throws CommandError (64) when the folder of the program's state is in the build context: Terraform's plans and the rehearsal's keys would be
 * in the image, and the sources would change with every run. `ignored`: what .dockerignore may name.
 */
export async function refuseStateInContext(
  stateHome: string,
  source: Pick<ImageSource, "context" | "dockerfile">,
  ignored: string,
): Promise<void> {
  if (!(await isSent(source, stateHome))) return;
  throw new CommandError("infer-deploy's own state would be built into the image.", {
    exitCode: exitCodes.usage,
    why: `it is kept in ${stateHome}, which is in the build context ${source.context}`,
    next: `${ignored === ".local" ? "set XDG_STATE_HOME to a folder elsewhere, " : ""}move the Dockerfile to a separate folder (image.context), or name ${ignored} in .dockerignore`,
  });
}
