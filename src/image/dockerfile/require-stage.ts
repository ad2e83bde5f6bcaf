import { readFile } from "node:fs/promises";
import type { LoadedConfig } from "../../config/load.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { imageSource } from "../source.ts";
import { readStages } from "./stages.ts";

/** Throws CommandError (64) for an image.target that the Dockerfile does not have: the builder would say so once Terraform works. */
export async function requireStage({
  config,
  placeOf,
  root,
}: Pick<LoadedConfig, "config" | "placeOf" | "root">): Promise<void> {
  const { ref, target } = config.image;
  if (ref !== null || target === null) return;
  const { dockerfile } = imageSource(config, root, {});
  const stages = await readStages(await readFile(dockerfile, "utf8"));
  // Docker ignores the case, and takes a number for a stage as well.
  const isThere = stages.some((name, index) =>
    [name?.toLowerCase(), String(index)].includes(target.toLowerCase()),
  );
  if (stages.length === 0 || isThere) return;
  const names = stages.filter((name) => name !== null);
  throw new CommandError(`There is no stage ${target} in ${config.image.dockerfile}.`, {
    exitCode: exitCodes.usage,
    where: placeOf(["image", "target"]),
    why:
      names.length === 0
        ? `none of its stages has a name: the last one is ${stages.length - 1}`
        : `its stages are ${names.join(", ")}`,
    next:
      names.length === 0
        ? "name the stage (FROM image AS name), or leave image.target out"
        : "correct image.target, or leave it out for the last stage",
  });
}
