import { imageReference } from "../config/fields/image-reference.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { findDockerfile, type FoundDockerfile } from "./find-dockerfile.ts";

/** What the image is made of, as far as that is known before it runs. */
export interface FoundSource extends FoundDockerfile {
  /** The image that exists already; null when it is built. */
  readonly ref: string | null;
}

export interface AskedSource {
  readonly image: string | undefined;
  readonly dockerfile: string | undefined;
  readonly buildArg: Readonly<Record<string, string>>;
}

/** Throws CommandError (64) as `findDockerfile`, for a name that is not an image's, and for an image together with what is for a build. */
export async function findSource(
  folder: string,
  { image, dockerfile, buildArg }: AskedSource,
): Promise<FoundSource> {
  if (image === undefined) return { ...(await findDockerfile(folder, dockerfile)), ref: null };
  const checked = imageReference().safeParse(image);
  if (!checked.success) {
    throw new CommandError("This is not the name of an image.", {
      exitCode: exitCodes.usage,
      where: "--image",
      why: `allowed is ${checked.error.issues[0]?.message}`,
      next: "give a name that docker pull accepts",
    });
  }
  const [other] = [
    ...(dockerfile === undefined ? [] : ["--dockerfile"]),
    ...(Object.keys(buildArg).length === 0 ? [] : ["--build-arg"]),
  ];
  if (other !== undefined) {
    throw new CommandError(`${other} is for an image that is built, and --image names one.`, {
      exitCode: exitCodes.usage,
      next: `leave out ${other}, or leave out --image`,
    });
  }
  const nothing = { ports: [], env: {}, user: null, healthPath: null, openArgs: [], sources: [] };
  return { ref: image, context: ".", dockerfile: "Dockerfile", facts: nothing };
}
