import { CommandError } from "../errors/command-error.ts";
import type { BackgroundBuild } from "../image/background-build.ts";
import { withoutImage } from "./without-image.ts";

/** The image, once the infrastructure stands. */
export async function builtImage(build: BackgroundBuild | undefined): Promise<string> {
  if (build === undefined) {
    throw new Error("no build was started for a release that needs one");
  }
  return build.image().catch((error: unknown) => {
    throw error instanceof CommandError ? withoutImage(error) : error;
  });
}
