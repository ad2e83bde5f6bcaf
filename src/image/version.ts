import { CommandError, exitCodes } from "../errors/command-error.ts";

/** Throws CommandError (64) when a version is not a valid image tag; `origin` is the flag or variable that it comes from. */
export function checkVersion(version: string, origin = "--version"): string {
  if (reserved.test(version)) {
    throw new CommandError(
      `"${version}" cannot be a version: tags of live- and a number mark the images that serve.`,
      {
        exitCode: exitCodes.usage,
        where: origin,
        next: "choose another one, such as v1.2.3",
      },
    );
  }
  if (tag.test(version)) {
    return version;
  }
  throw new CommandError(`"${version}" cannot be a version.`, {
    exitCode: exitCodes.usage,
    where: origin,
    why: "it becomes the image's tag: 1 to 128 letters, digits, _, . and -, beginning with a letter, a digit or _",
    next: "choose another one, such as v1.2.3",
  });
}

/** The same image has the same version on every machine. `imageId`: sha256:HEX */
export function contentVersion(imageId: string): string {
  return `sha-${imageId.replace(/^sha256:/, "").slice(0, 12)}`;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const tag = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

const reserved = /^live-\d+$/;
