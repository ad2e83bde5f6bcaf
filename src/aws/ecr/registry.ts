import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  PutImageCommand,
  type ECRClient,
  type Image,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { CommandError } from "../../errors/command-error.ts";
import { everyItem } from "../every-item.ts";
import { imagesOf, parseManifest, type Manifest } from "./manifest.ts";

export interface PushCredentials {
  /** HOST or HOST:PORT that a Docker engine pushes to. */
  readonly host: string;
  /** The same with its scheme, for the registry's API. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface RegistryImage {
  readonly digest: string;
  /** The digest of the image itself, in an index with its attestations; otherwise `digest`. */
  readonly image: string;
  /** The digest of the image's configuration, which Docker calls the image's id. Undefined for an index of several images. */
  readonly configDigest: string | undefined;
}

export async function pushCredentials(ecr: Pick<ECRClient, "send">): Promise<PushCredentials> {
  const answer = await ecr.send(new GetAuthorizationTokenCommand({}));
  const data = answer.authorizationData?.[0];
  const [username, password] = Buffer.from(data?.authorizationToken ?? "", "base64")
    .toString("utf8")
    .split(":", 2);
  if (data?.proxyEndpoint === undefined || username === undefined || password === undefined) {
    throw new CommandError("ECR gave no authorization token.", {
      next: "check that the credentials may call ecr:GetAuthorizationToken",
    });
  }
  const { proxyEndpoint: url } = data;
  return { host: url.replace(/^https?:\/\//, ""), url, username, password };
}

/** The image that a tag or a digest (sha256:HEX) names; undefined when the repository has no such image. */
export async function findImage(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  reference: string,
): Promise<RegistryImage | undefined> {
  const image = await getImage(ecr, repository, reference);
  if (image?.imageId?.imageDigest === undefined) {
    return undefined;
  }
  const manifest = parseManifest(image.imageManifest);
  const [only, ...others] = imagesOf(manifest);
  // An image with attestations is the only one in its index.
  const inside = others.length === 0 ? only?.digest : undefined;
  const own = inside === undefined ? manifest : await readManifest(ecr, repository, inside);
  const digest = image.imageId.imageDigest;
  return { digest, image: inside ?? digest, configDigest: own.config?.digest };
}

/** Whether an engine's image, by its id there, is the registry's. The id is the digest of a configuration, or of a manifest. */
export function isContent(
  { digest, image, configDigest }: RegistryImage,
  engineId: string,
): boolean {
  return [digest, image, configDigest].includes(engineId);
}

/** The manifest of an image, or its index, by the digest. Empty when the repository has no such image. */
export async function readManifest(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  digest: string,
): Promise<Manifest> {
  return parseManifest((await getImage(ecr, repository, digest))?.imageManifest);
}

/** Adds a tag to an existing image. A tag that it already has is not an error. */
export async function tagImage(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  digest: string,
  tag: string,
): Promise<void> {
  const image = await getImage(ecr, repository, digest);
  try {
    await ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: image?.imageManifest,
        imageManifestMediaType: image?.imageManifestMediaType,
        imageDigest: digest,
        imageTag: tag,
      }),
    );
  } catch (error) {
    const isTaken = error instanceof Error && /^Image(Tag)?AlreadyExists/.test(error.name);
    if (!isTaken || (await findImage(ecr, repository, tag))?.digest !== digest) {
      throw error;
    }
  }
}

/**
 * Tags the images that may be needed at any moment with `live-NNNN`, which the lifecycle policy never expires, and removes
 * such tags from all others. `marks` needs at least one entry.
 */
export async function markServing(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  marks: readonly { readonly tag: string; readonly digest: string }[],
): Promise<void> {
  for (const { tag, digest } of marks) {
    await tagImage(ecr, repository, digest, tag);
  }
  const kept = new Set(marks.map(({ tag }) => tag));
  const stale = (await listImages(ecr, repository)).flatMap(({ imageTag }) =>
    imageTag !== undefined && /^live-\d+$/.test(imageTag) && !kept.has(imageTag)
      ? [{ imageTag }]
      : [],
  );
  if (stale.length > 0) {
    // By tag: ECR keeps an image that has other tags.
    await ecr.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds: stale }));
  }
}

async function getImage(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  reference: string,
): Promise<Image | undefined> {
  const id = reference.startsWith("sha256:") ? { imageDigest: reference } : { imageTag: reference };
  const answer = await ecr.send(
    new BatchGetImageCommand({ repositoryName: repository, imageIds: [id] }),
  );
  return answer.images?.[0];
}

/** Every tag, and the digest of every image without one; empty when there is no such repository. */
export async function listImages(
  ecr: Pick<ECRClient, "send">,
  repository: string,
): Promise<readonly ImageIdentifier[]> {
  try {
    return await everyItem(async (nextToken) => {
      const page = await ecr.send(new ListImagesCommand({ repositoryName: repository, nextToken }));
      return { items: page.imageIds, next: page.nextToken };
    });
  } catch (error) {
    if (error instanceof Error && error.name === "RepositoryNotFoundException") {
      return [];
    }
    throw error;
  }
}
