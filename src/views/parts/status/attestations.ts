import type { Attestations } from "../../../aws/ecr/attestations.ts";

/** What the registry stores with the active image. */
export interface AttestationStatus extends Attestations {
  /** REPOSITORY@DIGEST */
  readonly image: string;
}

/** The command that reads the active image's SBOM; none for an image without attestations. */
export function attestationLines({
  attestations,
}: {
  readonly attestations: AttestationStatus | null;
}): readonly string[] {
  if (attestations === null) return [];
  const { image, sbom, provenance } = attestations;
  const read = (what: string): string =>
    `docker buildx imagetools inspect ${image} --format '{{ json .${what} }}'`;
  if (sbom) return [`  sbom      ${read("SBOM")}`];
  return provenance ? [`  sbom      none; its provenance: ${read("Provenance")}`] : [];
}
