import { CommandError, exitCodes } from "../errors/command-error.ts";
import { isSent } from "./context-hash.ts";
import type { ImageSource } from "./docker-argv.ts";

type Source = Pick<ImageSource, "context" | "dockerfile">;

/**
 * Throws CommandError (64) when the folder of the program's state is in the build context: Terraform's plans and the rehearsal's keys would be
 * in the image, and the sources would change with every run.
 */
export async function refuseHomeInContext(stateHome: string, source: Source): Promise<void> {
  if (!(await isSent(source, stateHome))) return;
  throw refusal(
    "infer-deploy's own state",
    `set XDG_STATE_HOME to a folder elsewhere, ${separate}, or name .local in .dockerignore`,
    { folder: stateHome, source },
  );
}

/** The same for the folder in which `state.backend: local` keeps Terraform's state. */
export async function refuseProjectStateInContext(folder: string, source: Source): Promise<void> {
  if (!(await isSent(source, folder))) return;
  throw refusal("Terraform's state", `name .infer-deploy in .dockerignore, or ${separate}`, {
    folder,
    source,
  });
}

const separate = "move the Dockerfile to a separate folder (image.context)";

function refusal(
  what: string,
  next: string,
  { folder, source }: { readonly folder: string; readonly source: Source },
): CommandError {
  return new CommandError(`${what} would be built into the image.`, {
    exitCode: exitCodes.usage,
    why: `it is kept in ${folder}, which is in the build context ${source.context}`,
    next,
  });
}
