import type { LoadedConfig } from "../../config/load.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { Tool } from "../access/essentials.ts";

/**
 * The programs that an image needs: Docker's engine where it is built. Throws CommandError (64) for a build argument of the command line where
 * nothing is built.
 */
export function imageTools(
  { config, placeOf }: Pick<LoadedConfig, "config" | "placeOf">,
  buildArgs: Readonly<Record<string, string>>,
): readonly Tool[] {
  if (config.image.ref === null) return ["engine"];
  const [name] = Object.keys(buildArgs);
  if (name === undefined) return [];
  throw new CommandError("--build-arg is for an image that is built, and image.ref names one.", {
    exitCode: exitCodes.usage,
    where: placeOf(["image", "ref"]),
    next: `leave out --build-arg ${name}, or give image.context in place of image.ref`,
  });
}
