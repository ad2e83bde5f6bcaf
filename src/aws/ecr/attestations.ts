import type { ECRClient } from "@aws-sdk/client-ecr";
import { attestationsOf, imageFor, predicatesOf, type Manifest } from "./manifest.ts";
import { readManifest } from "./registry.ts";

/** What the registry stores with an image. */
export interface Attestations {
  readonly sbom: boolean;
  readonly provenance: boolean;
}

/** What the image that a machine of this platform (OS/ARCHITECTURE) pulls by a digest has with it. Throws the SDK's own errors. */
export async function readAttestations(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  digest: string,
  platform: string,
): Promise<Attestations> {
  const index = await readManifest(ecr, repository, digest);
  const image = imageFor(index, platform)?.digest;
  const own = attestationsOf(index).filter(
    ({ annotations }) => annotations?.["vnd.docker.reference.digest"] === image,
  );
  const manifests: Manifest[] = [];
  for (const part of own) manifests.push(await readManifest(ecr, repository, part.digest));
  const types = manifests.flatMap(predicatesOf);
  return {
    sbom: types.some((type) => type.startsWith("https://spdx.dev/Document")),
    provenance: types.some((type) => type.startsWith("https://slsa.dev/provenance/")),
  };
}
