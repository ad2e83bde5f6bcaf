import packageJson from "../../../package.json" with { type: "json" };
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { readExistingConfig, type WorkflowEnvironment } from "../existing-config.ts";
import type { InitSettings } from "../settings.ts";
import { takenPaths } from "../write-new-files.ts";
import type { Repository } from "./find-repository.ts";
import { loadWorkflows } from "./load-workflows.ts";
import { renderWorkflows, type WorkflowFacts } from "./render-workflows.ts";

export interface WorkflowPlan {
  /** By their paths below the repository's top. */
  readonly files: ReadonlyMap<string, string>;
  /** Environments for which the configuration has no role. */
  readonly lacking: readonly WorkflowEnvironment[];
}

/**
 * The workflows of a repository, for settings that init found, or for the configuration that is in the folder already. Throws CommandError
 * (64) when one of the files exists.
 */
export async function planWorkflows(
  folder: string,
  repository: Repository,
  settings: InitSettings | null,
): Promise<WorkflowPlan> {
  const { facts, lacking } =
    settings === null ? await factsOfConfig(folder) : { facts: factsOf(settings), lacking: [] };
  const files = renderWorkflows(await loadWorkflows(), {
    ...facts,
    version: packageJson.version,
    folder: repository.below || ".",
  });
  const taken = await takenPaths(repository.root, files.keys());
  if (taken.length > 0) {
    throw new CommandError("The workflows are there already, and init overwrites nothing.", {
      exitCode: exitCodes.usage,
      where: repository.root,
      detail: taken,
      next: "move them elsewhere, run init --github again, and compare",
    });
  }
  return { files, lacking };
}

type ImageFacts = Omit<WorkflowFacts, "version" | "folder">;

function factsOf({ region, ref, context, dockerfile, buildArgs }: InitSettings): ImageFacts {
  const regions = { staging: region, production: region };
  return { regions, ref, context, dockerfile, buildArgs };
}

async function factsOfConfig(
  folder: string,
): Promise<{ readonly facts: ImageFacts; readonly lacking: readonly WorkflowEnvironment[] }> {
  const { loaded, regions, lacking } = await readExistingConfig(folder);
  const { ref, context, dockerfile, buildArgs } = loaded.config.image;
  return { facts: { regions, ref, context, dockerfile, buildArgs }, lacking };
}
