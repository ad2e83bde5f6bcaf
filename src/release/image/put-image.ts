import type { BuiltImage } from "../../image/build.ts";
import { pushImage } from "../../image/push.ts";
import { copiedText } from "../../image/ref/copy-image.ts";
import { bytesOf, sizeText, type ReferencedImage } from "../../image/ref/referenced-image.ts";
import type { Referenced } from "../../image/ref/referenced.ts";
import { contentVersion } from "../../image/version.ts";
import type { Reporter } from "../../report/reporter.ts";
import { span } from "../../report/span.ts";
import type { Session } from "../session.ts";

/** An image before it is in the stack's repository: built here, or in the registry that image.ref names. */
export type NewImage = BuiltImage | ReferencedImage;

/** The version's name where the user gives none. */
export function versionOf(image: NewImage): string {
  return contentVersion("id" in image ? image.id : image.digest);
}

/** What stands for the sources of an image that is not built. */
export function sourceHash({ digest }: ReferencedImage): string {
  return digest.replace("sha256:", "");
}

/** Resolves to the digest in the stack's repository. Throws CommandError. */
export async function putImage(
  session: Pick<
    Session,
    "config" | "dockerFolder" | "ecr" | "referenced" | "reporter" | "run" | "signal" | "stack"
  >,
  image: NewImage,
  version: string,
): Promise<string> {
  const { config, dockerFolder, ecr, referenced, reporter, run, signal, stack } = session;
  const { repository_name: repository } = stack.outputs;
  if ("id" in image) {
    const { attest } = config.image;
    const request = { image, repository, version, attest, dockerFolder };
    return pushImage(run, await ecr(), reporter, request, signal);
  }
  return span(
    reporter,
    "copy",
    `Copy ${image.ref} to ${repository}:${version}`,
    async ({ done, progress, skipped }) => {
      const copied = await referenced?.copy({ image, repository, version, progress });
      if (copied === undefined) skipped("already in the registry");
      else done(copiedText(image, copied));
      if (referenced?.isOwn === true && (copied?.passed ?? 0) > 0) {
        reporter.notify({ type: "note", text: mounting });
      }
      return image.digest;
    },
  );
}

/** Looks the image up, as a step. Throws what `find` throws. */
export async function findImageStep(
  reporter: Pick<Reporter, "notify">,
  { find }: Pick<Referenced, "find">,
  ref: string,
): Promise<ReferencedImage> {
  return span(reporter, "find-image", `Find ${ref}`, async ({ done }) => {
    const image = await find();
    const { digest, blobs } = image;
    done(`${digest.slice(0, 19)}, ${sizeText(bytesOf(image))} in ${blobs.length} parts`);
    return image;
  });
}

/** Off in every account at first, and only where both repositories are encrypted alike: https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html. */
const mounting =
  "no byte passes through this machine once the account's repositories share their layers: aws ecr put-account-setting --name BLOB_MOUNTING --value ENABLED";
