/** The parts of an image's manifest, or of an index of images, that matter here (https://github.com/opencontainers/image-spec). */
export interface Manifest {
  readonly config?: { readonly digest?: string };
  readonly layers?: readonly { readonly annotations?: Annotations }[];
  readonly manifests?: readonly Part[];
}

/** What an index says of one of its manifests. */
export interface Part {
  readonly digest: string;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
  readonly annotations?: Annotations;
}

type Annotations = Readonly<Record<string, string>>;

export function parseManifest(text: string | undefined): Manifest {
  return JSON.parse(text ?? "{}") as Manifest;
}

/** The images in an index, without their attestations; none for the manifest of a single image. */
export function imagesOf({ manifests = [] }: Manifest): readonly Part[] {
  return manifests.filter((part) => !isAttestation(part));
}

/**
 * The attestations in an index: each is a manifest whose layers are the statements.
 * Source: https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
export function attestationsOf({ manifests = [] }: Manifest): readonly Part[] {
  return manifests.filter(isAttestation);
}

/** The image of an index that a machine of this platform (OS/ARCHITECTURE) pulls; undefined without one. */
export function imageFor(manifest: Manifest, platform: string): Part | undefined {
  const images = imagesOf(manifest);
  return (
    images.find((one) => `${one.platform?.os}/${one.platform?.architecture}` === platform) ??
    images[0]
  );
}

/** The types of the statements in an attestation's manifest, such as "https://spdx.dev/Document". */
export function predicatesOf({ layers = [] }: Manifest): readonly string[] {
  return layers.flatMap(({ annotations }) => annotations?.["in-toto.io/predicate-type"] ?? []);
}

function isAttestation({ annotations }: Part): boolean {
  return annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
}
