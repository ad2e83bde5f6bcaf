/** One image for one platform, in the registry that image.ref names. */
export interface ReferencedImage {
  /** HOST/REPOSITORY:TAG or @DIGEST, as the file has it. */
  readonly ref: string;
  /** Of its manifest, which is copied as it is, so that its digest stays. */
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  /** Its configuration and its layers, each once. */
  readonly blobs: readonly Blob[];
}

export interface Blob {
  readonly digest: string;
  /** In bytes, as stored. */
  readonly size: number;
}

export function bytesOf({ blobs }: Pick<ReferencedImage, "blobs">): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}

/** Such as "3.1 GB", "480 MB" or "0 B". */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
