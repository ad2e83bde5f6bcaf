import { join } from "node:path";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, isContent, pushCredentials, tagImage } from "../../aws/ecr/registry.ts";
import { CommandError } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";
import { withTempFolder } from "../../process/temp-folder.ts";
import type { PushRequest } from "../push-request.ts";
import { buildAttested, forEcr } from "./attested-build.ts";
import { copyWithLogin } from "./login.ts";

/**
 * Lets the builder push the image with its SBOM and provenance, as an image index; resolves to the index's digest. The version's tag is given last,
 * to what was looked at: tags are immutable, and the sources can have changed since the build.
 * Throws CommandError when the builder fails, or when it pushed another image. The tag is then not taken.
 */
export async function pushAttested(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  { image, repository, version, dockerFolder }: PushRequest,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<string> {
  const credentials = await pushCredentials(ecr);
  const name = `${credentials.host}/${repository}`;
  const pushed = await withTempFolder("infer-deploy-push-", async (folder) => {
    await copyWithLogin(dockerFolder, folder, credentials);
    const build = {
      source: image.source,
      dockerFolder,
      output: [`--output=type=image,name=${name},push=true,push-by-digest=true,${forEcr}`],
      metadataFile: join(folder, "infer-deploy-metadata.json"),
      env: { DOCKER_CONFIG: folder },
    };
    return buildAttested(run, build, signal, progress);
  });
  const digest = pushed["containerimage.digest"];
  const found = digest === undefined ? undefined : await findImage(ecr, repository, digest);
  if (found === undefined || !isContent(found, image.id)) {
    throw new CommandError("The image changed between its build and its push.", {
      where: image.source.dockerfile,
      why: `the build made ${image.id}, and the push ${found?.configDigest ?? "nothing"}: a file changed meanwhile, or the builder lost its cache`,
      next: "run the same command again",
    });
  }
  await tagImage(ecr, repository, found.digest, version);
  return found.digest;
}
