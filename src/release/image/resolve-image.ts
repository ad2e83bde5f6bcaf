import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, tagImage, type RegistryImage } from "../../aws/ecr/registry.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { buildImage } from "../../image/build.ts";
import { hashContext } from "../../image/context-hash.ts";
import { otherContent } from "../../image/ref/copy-image.ts";
import { imageSource } from "../../image/source.ts";
import { readReleases } from "../../state/release-history.ts";
import { findImageStep, putImage, sourceHash, versionOf } from "./put-image.ts";
import type { Session } from "../session.ts";

export interface ImageRequest {
  readonly version: string | undefined;
  /** A digest or a tag in the stack's repository. */
  readonly fromImage: string | undefined;
  /** False when the version's image is already in the repository. */
  readonly build: boolean;
  readonly buildArgs: Readonly<Record<string, string>>;
}

export interface ResolvedImage {
  readonly version: string;
  readonly digest: string;
  readonly contextHash: string;
}

/**
 * Finds or builds the image of a release. Throws CommandError: (64) when the request contradicts itself,
 * (1) when the image is missing or does not build, or when the version exists with other content.
 */
export async function resolveImage(
  session: Pick<
    Session,
    | "config"
    | "dockerFolder"
    | "ecr"
    | "referenced"
    | "reporter"
    | "root"
    | "run"
    | "signal"
    | "stack"
    | "store"
  >,
  request: ImageRequest,
): Promise<ResolvedImage> {
  const repository = session.stack.outputs.repository_name;
  const { config, reporter, root, run, signal } = session;
  if (isExisting(request)) {
    const image = await existingImage(session, request);
    // The tag ties the version to this content from now on.
    await tagImage(await session.ecr(), repository, image.digest, image.version);
    return image;
  }
  if (session.referenced !== null) {
    const image = await findImageStep(reporter, session.referenced, config.image.ref ?? "");
    const version = request.version ?? versionOf(image);
    const digest = await putImage(session, image, version);
    return { version, digest, contextHash: sourceHash(image) };
  }
  const again = await builtBefore(session, request);
  if (again !== undefined) {
    const text = `${again.version} was built from the same sources before, so the registry's image is released`;
    reporter.notify({ type: "note", text });
    return again;
  }
  const [image, contextHash] = await Promise.all([
    buildImage(run, reporter, imageSource(config, root, request.buildArgs), signal),
    hashContext(imageSource(config, root, {}), signal),
  ]);
  const version = request.version ?? versionOf(image);
  const digest = await putImage(session, image, version);
  return { version, digest, contextHash };
}

/**
 * The registry's image, where an earlier release of this version had the same sources. A second build can differ: a cache was pruned, or
 * another machine builds. Arguments of the command line are no part of the sources, so with them the image is built.
 */
async function builtBefore(
  {
    config,
    ecr,
    root,
    signal,
    stack,
    store,
  }: Pick<Session, "config" | "ecr" | "root" | "signal" | "stack" | "store">,
  { version, buildArgs }: ImageRequest,
): Promise<ResolvedImage | undefined> {
  if (version === undefined || Object.keys(buildArgs).length > 0) {
    return undefined;
  }
  const known = (await readReleases(store)).find(
    (record) => record.version === version && record.context_hash !== "",
  );
  if (known === undefined) {
    return undefined;
  }
  const [image, contextHash] = await Promise.all([
    findImage(await ecr(), stack.outputs.repository_name, version),
    hashContext(imageSource(config, root, {}), signal),
  ]);
  return image?.digest === known.digest && contextHash === known.context_hash
    ? { version, digest: image.digest, contextHash }
    : undefined;
}

/** Whether this run builds the image from the sources. */
export function isBuilt(
  { config }: Pick<Session, "config">,
  request: Pick<ImageRequest, "build" | "fromImage">,
): boolean {
  return config.image.ref === null && !isExisting(request);
}

/** Whether this run takes the image that image.ref names. */
export function isTaken(
  { config }: Pick<Session, "config">,
  request: Pick<ImageRequest, "build" | "fromImage">,
): boolean {
  return config.image.ref !== null && !isExisting(request);
}

/** Whether the image is one of the stack's repository. */
function isExisting({ build, fromImage }: Pick<ImageRequest, "build" | "fromImage">): boolean {
  return !build || fromImage !== undefined;
}

/** The image that a request would release, if that is known before a build. Changes nothing. */
export async function foreseenImage(
  session: Pick<Session, "config" | "ecr" | "referenced" | "reporter" | "stack">,
  request: ImageRequest,
): Promise<ResolvedImage | undefined> {
  if (isExisting(request)) return existingImage(session, request);
  const { referenced, reporter, config, stack } = session;
  if (referenced === null) return undefined;
  const image = await findImageStep(reporter, referenced, config.image.ref ?? "");
  const version = request.version ?? versionOf(image);
  const { repository_name: repository } = stack.outputs;
  const tagged = await findImage(await session.ecr(), repository, version);
  if (tagged !== undefined && tagged.digest !== image.digest) {
    throw otherContent(repository, version, tagged.digest, image);
  }
  return { version, digest: image.digest, contextHash: sourceHash(image) };
}

/** The image of a request that builds nothing. */
export async function existingImage(
  { ecr, stack }: Pick<Session, "ecr" | "stack">,
  request: Pick<ImageRequest, "version" | "fromImage">,
): Promise<ResolvedImage> {
  const { fromImage } = request;
  const reference = fromImage ?? request.version;
  if (reference === undefined) {
    throw new CommandError("--no-build needs the name of an existing image.", {
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

/** A version always means the same content, so its tag must not move to another digest. */
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
    next: "infer-deploy releases lists the released versions; leave out --no-build to build this one",
  });
}

function isDigest(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference);
}
