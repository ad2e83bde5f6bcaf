import { CommandError } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";
import { attestedArgv, buildEnvironment, type ImageSource } from "../docker-argv.ts";
import { readMetadata, type BuildMetadata } from "../metadata.ts";
import { runBuild } from "../run-build.ts";
import { hasProxies } from "./login.ts";

/** A build with attestations. It takes its steps from the builder's cache, because the image was built before. */
export interface AttestedBuild {
  readonly source: ImageSource;
  /** The user's folder of Docker's configuration. */
  readonly dockerFolder: string;
  /** Options that say where the image goes. */
  readonly output: readonly string[];
  readonly metadataFile: string;
  /** Variables for docker, besides those of the build arguments. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves to what buildx wrote about the image. Throws CommandError with the last lines of a build that fails. */
export async function buildAttested(
  run: Run,
  { source, dockerFolder, output, metadataFile, env }: AttestedBuild,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<BuildMetadata> {
  const proxied = await hasProxies(dockerFolder);
  const build = {
    args: attestedArgv({ source, output, metadataFile, hasProxies: proxied }),
    env: { ...buildEnvironment(source.buildArgs), ...env },
  };
  const failed = await runBuild(run, build, signal, progress);
  if (failed !== undefined) {
    throw new CommandError("Docker did not make the image's SBOM and provenance.", {
      where: source.dockerfile,
      detail: failed.slice(-mostLines).map((line) => line.trim()),
      next: "docker buildx inspect --bootstrap shows whether the builder works; image.attest: off pushes the image without them",
    });
  }
  return readMetadata(metadataFile);
}

/**
 * An exporter's attribute. BuildKit 0.32 and newer store attestations as artifacts that name their image as `subject`; ECR answers 405 to those.
 * Source: https://github.com/moby/buildkit/issues/6171. Older versions ignore it.
 */
export const forEcr = "oci-artifact=false";

const mostLines = 10;
