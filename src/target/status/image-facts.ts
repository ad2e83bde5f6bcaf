import { readAttestations, type Attestations } from "../../aws/ecr/attestations.ts";
import { readImageScan, scannedDigest, type ImageScan } from "../../aws/ecr/image-scan.ts";
import type { Target } from "../target.ts";
import { orWarn, type WarnDeps } from "./or-warn.ts";

export interface ServingImage {
  readonly repository: string;
  readonly digest: string;
  /** OS/ARCHITECTURE */
  readonly platform: string;
}

/** By the digests of images: what does not change any more. */
export interface SeenImages {
  readonly scans: Map<string, ImageScan>;
  readonly attestations: Map<string, Attestations>;
}

/** Asks for each image until its scan is over. */
export async function lookAtScan(
  deps: WarnDeps,
  aws: Pick<Target["aws"], "ecr">,
  { repository, digest, platform }: ServingImage,
  { scans }: SeenImages,
): Promise<ImageScan | undefined> {
  const known = scans.get(digest);
  if (known !== undefined) return known;
  return orWarn(deps, "the registry's scan could not be read", async () => {
    const ecr = await aws.ecr();
    const scanned = await scannedDigest(ecr, repository, digest, platform);
    const scan = await readImageScan(ecr, repository, scanned);
    if (scan.state !== "pending") scans.set(digest, scan);
    return scan;
  });
}

export async function lookAtAttestations(
  deps: WarnDeps,
  aws: Pick<Target["aws"], "ecr">,
  { repository, digest, platform }: ServingImage,
  { attestations }: SeenImages,
): Promise<Attestations | undefined> {
  const known = attestations.get(digest);
  if (known !== undefined) return known;
  return orWarn(deps, "the image's SBOM could not be looked for", async () => {
    const found = await readAttestations(await aws.ecr(), repository, digest, platform);
    attestations.set(digest, found);
    return found;
  });
}
