import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  type ECRClient,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { CommandError } from "../errors.ts";

export interface PushCredentials {
  /** HOST or HOST:PORT that a Docker engine pushes to. */
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

export interface RegistryImage {
  readonly digest: string;
  /** The digest of the image's configuration: what a Docker engine calls the image's id. */
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
  return { host: data.proxyEndpoint.replace(/^https?:\/\//, ""), username, password };
}

/** The image that a tag names; undefined when the repository has no such tag. */
export async function findImage(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  tag: string,
): Promise<RegistryImage | undefined> {
  const answer = await ecr.send(
    new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
  );
  const image = answer.images?.[0];
  if (image?.imageId?.imageDigest === undefined) {
    return undefined;
  }
  const manifest = JSON.parse(image.imageManifest ?? "{}") as {
    readonly config?: { readonly digest?: string };
  };
  return { digest: image.imageId.imageDigest, configDigest: manifest.config?.digest };
}

/** Deletes every image of a repository; resolves to their number, 0 when there is no such repository. */
export async function emptyRepository(
  ecr: Pick<ECRClient, "send">,
  repository: string,
): Promise<number> {
  const digests = await listDigests(ecr, repository);
  for (let start = 0; start < digests.length; start += deleteBatch) {
    const imageIds = digests
      .slice(start, start + deleteBatch)
      .map((imageDigest) => ({ imageDigest }));
    await ecr.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds }));
  }
  return digests.length;
}

async function listDigests(
  ecr: Pick<ECRClient, "send">,
  repository: string,
): Promise<readonly string[]> {
  const found: ImageIdentifier[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page = await ecr.send(new ListImagesCommand({ repositoryName: repository, nextToken }));
      found.push(...(page.imageIds ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if (error instanceof Error && error.name === "RepositoryNotFoundException") {
      return [];
    }
    throw error;
  }
  return [...new Set(found.map((image) => image.imageDigest ?? ""))].filter(
    (digest) => digest !== "",
  );
}

/** BatchDeleteImage takes at most 100 images. */
const deleteBatch = 100;
