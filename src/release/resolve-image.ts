import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, tagImage, type RegistryImage } from "../aws/registry.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { buildImage } from "../image/build.ts";
import { hashContext } from "../image/context-hash.ts";
import { pushImage } from "../image/push.ts";
import { imageSource } from "../image/source.ts";
import { contentVersion } from "../image/version.ts";
import type { Session } from "./session.ts";

export interface ImageRequest {
  readonly version: string | undefined;
  /** A digest or a tag that the stack's repository has. */
  readonly fromImage: string | undefined;
  /** False: the version's image is in the repository already. */
  readonly build: boolean;
  readonly buildArgs: Readonly<Record<string, string>>;
}

export interface ResolvedImage {
  readonly version: string;
  readonly digest: string;
  readonly contextHash: string;
}

/**
 * Finds or makes the image that is to be released. Throws CommandError: (64) when the request contradicts itself,
 * (1) when the image is missing, does not build, or has other content than the version's.
 */
export async function resolveImage(
  session: Pick<Session, "config" | "ecr" | "reporter" | "root" | "run" | "signal" | "stack">,
  request: ImageRequest,
): Promise<ResolvedImage> {
  const repository = session.stack.outputs.repository_name;
  if (!isBuilt(request)) {
    const image = await existingImage(session, request);
    // From now on the version stands for this content in the registry too.
    await tagImage(await session.ecr(), repository, image.digest, image.version);
    return image;
  }
  const { config, reporter, root, run, signal } = session;
  const [imageId, contextHash] = await Promise.all([
    buildImage(run, reporter, imageSource(config, root, request.buildArgs), signal),
    hashContext(imageSource(config, root, {})),
  ]);
  const version = request.version ?? contentVersion(imageId);
  const pushed = { imageId, repository, version };
  const digest = await pushImage(run, await session.ecr(), reporter, pushed, signal);
  return { version, digest, contextHash };
}

/** Whether the image is made here, from the sources. */
export function isBuilt({ build, fromImage }: Pick<ImageRequest, "build" | "fromImage">): boolean {
  return build && fromImage === undefined;
}

/** The image of a request that builds nothing. */
export async function existingImage(
  { ecr, stack }: Pick<Session, "ecr" | "stack">,
  request: Pick<ImageRequest, "version" | "fromImage">,
): Promise<ResolvedImage> {
  const { fromImage } = request;
  const reference = fromImage ?? request.version;
  if (reference === undefined) {
    throw new CommandError("--no-build needs to know which image.", {
      exitCode: exitCodes.usage,
      next: "add --version V of an image in the registry, or --from-image DIGEST",
    });
  }
  const version = request.version ?? (isDigest(reference) ? undefined : reference);
  if (version === undefined) {
    throw new CommandError("--from-image with a digest needs a name for the version.", {
      exitCode: exitCodes.usage,
      next: "add --version V",
    });
  }
  const repository = stack.outputs.repository_name;
  const registry = await ecr();
  const image = await findImage(registry, repository, reference);
  if (image === undefined) {
    throw missing(repository, reference);
  }
  await refuseOther(registry, repository, version, image);
  return { version, digest: image.digest, contextHash: "" };
}

/** A version stands for one content for ever, also where the tag was made for another digest earlier. */
async function refuseOther(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  version: string,
  image: RegistryImage,
): Promise<void> {
  const tagged = await findImage(ecr, repository, version);
  if (tagged !== undefined && tagged.digest !== image.digest) {
    throw new CommandError(
      `Version ${version} is in the registry with other content, and versions are immutable.`,
      {
        where: `${repository}:${version}`,
        why: `the registry has ${tagged.digest}, --from-image is ${image.digest}`,
        next: "choose another version with --version",
      },
    );
  }
}

function missing(repository: string, reference: string): CommandError {
  return new CommandError(`The registry has no image "${reference}".`, {
    where: repository,
    next: "infer-deploy releases lists the released ones; without --no-build it is built",
  });
}

function isDigest(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference);
}
