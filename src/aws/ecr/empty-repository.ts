import { BatchDeleteImageCommand, type ECRClient, type ImageFailure } from "@aws-sdk/client-ecr";
import { CommandError } from "../../errors/command-error.ts";
import { listImages } from "./registry.ts";

/**
 * Deletes every image of a repository; resolves to their number, 0 when there is no such repository. ECR keeps an image while an image
 * index in the repository refers to it, also in the request that deletes the index. So indexes, which have the tags, go first, and the
 * list is read again until it is empty. Throws CommandError with ECR's reason when nothing more can be deleted.
 */
export async function emptyRepository(
  ecr: Pick<ECRClient, "send">,
  repository: string,
): Promise<number> {
  const deleted = new Set<string>();
  let failures: readonly ImageFailure[] = [];
  let isStuck = false;
  for (;;) {
    const found = await listImages(ecr, repository);
    if (found.length === 0) {
      return deleted.size;
    }
    const tagged = found.filter(({ imageTag }) => imageTag !== undefined);
    const isLastTry = isStuck || tagged.length === 0;
    const round = await deleteImages(
      ecr,
      repository,
      (isLastTry ? found : tagged).map(({ imageDigest }) => imageDigest ?? ""),
    );
    failures = round.failures;
    for (const digest of round.deleted) deleted.add(digest);
    if (round.deleted.length === 0 && isLastTry) {
      throw stuckError(
        repository,
        new Set(found.map(({ imageDigest }) => imageDigest)).size,
        failures,
      );
    }
    isStuck = round.deleted.length === 0;
  }
}

async function deleteImages(
  ecr: Pick<ECRClient, "send">,
  repositoryName: string,
  digests: readonly string[],
): Promise<{ readonly deleted: readonly string[]; readonly failures: readonly ImageFailure[] }> {
  const ids = [...new Set(digests)].map((imageDigest) => ({ imageDigest }));
  const deleted: string[] = [];
  const failures: ImageFailure[] = [];
  for (let start = 0; start < ids.length; start += batch) {
    const imageIds = ids.slice(start, start + batch);
    const answer = await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
    deleted.push(...(answer.imageIds ?? []).map(({ imageDigest }) => imageDigest ?? ""));
    failures.push(...(answer.failures ?? []));
  }
  return { deleted, failures };
}

function stuckError(
  repository: string,
  count: number,
  failures: readonly ImageFailure[],
): CommandError {
  const [first] = failures;
  return new CommandError(`ECR does not delete ${count} images of ${repository}.`, {
    where: repository,
    ...(first === undefined
      ? {}
      : { why: `${first.failureCode ?? "unknown"}: ${first.failureReason ?? "no reason given"}` }),
    detail: failures.map(({ imageId }) => imageId?.imageDigest ?? "").slice(0, shown),
    next: "delete them in the ECR console, then run the same command again",
  });
}

/** BatchDeleteImage accepts at most 100 images. */
const batch = 100;
const shown = 10;
