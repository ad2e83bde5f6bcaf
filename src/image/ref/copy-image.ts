import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, pushCredentials, tagImage } from "../../aws/ecr/registry.ts";
import { CommandError } from "../../errors/command-error.ts";
import { describeLine } from "../../errors/describe.ts";
import { copyBlobs, type Copied, type CopyOptions } from "./copy-blobs.ts";
import { sizeText, type ReferencedImage } from "./referenced-image.ts";
import { openRepository, type Repository } from "./registry.ts";

export interface CopyDeps extends Pick<CopyOptions, "sleep"> {
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly ecr: () => Promise<Pick<ECRClient, "send">>;
  readonly source: () => Promise<Repository>;
  /** Whether the image is in the stack's own registry: another repository of the account in the region. */
  readonly isOwn: boolean;
}

export interface CopyRequest {
  readonly image: ReferencedImage;
  readonly repository: string;
  /** Becomes the tag, which is immutable. */
  readonly version: string;
  readonly progress: (detail: string) => void;
}

/**
 * Copies an image from registry to registry, without an engine, and tags it; undefined when the repository has it already under this version.
 * Throws CommandError for a version with other content, and when a registry refuses a part three times.
 */
export async function copyReferenced(
  deps: CopyDeps,
  { image, progress, repository, version }: CopyRequest,
): Promise<Copied | undefined> {
  const { fetch, isOwn, signal, sleep } = deps;
  const ecr = await deps.ecr();
  const tagged = await findImage(ecr, repository, version);
  if (tagged !== undefined) {
    if (tagged.digest === image.digest) return undefined;
    throw otherContent(repository, version, tagged.digest, image);
  }
  if ((await findImage(ecr, repository, image.digest)) !== undefined) {
    await tagImage(ecr, repository, image.digest, version);
    return undefined;
  }
  const { host, url, username, password } = await pushCredentials(ecr);
  const login = { username, password };
  const target = openRepository({ fetch, signal }, { host, url, repository, login, writes: true });
  try {
    const copied = await copyBlobs(await deps.source(), target, image, {
      canMount: isOwn,
      sleep,
      onBytes: (done, all) => progress(`${sizeText(done)} of ${sizeText(all)}`),
    });
    const put = await target.ask(`manifests/${version}`, {
      method: "PUT",
      headers: { "content-type": image.mediaType },
      body: image.manifest,
    });
    const answer = await put.text();
    if (!put.ok) throw new Error(`the registry answered ${put.status}: ${answer.slice(0, 300)}`);
    return copied;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${image.ref} could not be copied to ${repository}.`, {
      why: reasonOf(error),
      next: "check the network, then run the same command again: it continues with what is missing",
      cause: error,
    });
  }
}

/** What `status`, `releases` and a second release say a version is. */
export function otherContent(
  repository: string,
  version: string,
  digest: string,
  image: Pick<ReferencedImage, "digest" | "ref">,
): CommandError {
  return new CommandError(
    `Version ${version} is in the registry with other content, and versions are immutable.`,
    {
      where: `${repository}:${version}`,
      why: `the registry has ${digest}, ${image.ref} is ${image.digest}`,
      next: `choose another version with --version, or release the registry's image with infer-deploy release --no-build --version ${version}`,
    },
  );
}

export function copiedText(image: ReferencedImage, copied: Copied | undefined): string {
  const digest = image.digest.slice(0, 19);
  if (copied === undefined) return digest;
  const { mounted, passed } = copied;
  const shared = mounted === 0 ? "" : `${sizeText(mounted)} mounted, `;
  return `${digest}; ${shared}${sizeText(passed)} through this machine`;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof TypeError ? (error.cause ?? error) : error;
  return describeLine(cause);
}
