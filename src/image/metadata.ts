import { readFile } from "node:fs/promises";

/** What buildx writes about a build (https://docs.docker.com/reference/cli/docker/buildx/build/, "--metadata-file"). */
export interface BuildMetadata {
  /** The digest of the image's manifest, or of its index. */
  readonly "containerimage.digest"?: string;
}

/** Empty without the file: the client has its own /tmp, or is no buildx. */
export async function readMetadata(file: string): Promise<BuildMetadata> {
  return JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as BuildMetadata;
}
