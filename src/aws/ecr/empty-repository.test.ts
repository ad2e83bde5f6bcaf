import { BatchDeleteImageCommand, ListImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { emptyRepository } from "./empty-repository.ts";

interface Image {
  readonly tags: readonly string[];
  /** Digests that an image index refers to. */
  readonly parts?: readonly string[];
}

/**
 * A repository as ECR keeps it: it lists a page of two, deletes at most 100 a request, and refuses what an index refers to that was there
 * when the request began (ImageReferencedByManifestList). That is a failure in the answer, not an error. `refuses`: digests that stay.
 */
function repository(images: Readonly<Record<string, Image>>, refuses: readonly string[] = []) {
  const left = new Map(Object.entries(images));
  let requests = 0;
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof ListImagesCommand) {
      const ids = [...left].flatMap(([imageDigest, { tags }]) =>
        tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag })),
      );
      const start = Number(command.input.nextToken ?? 0);
      const next = start + 2 < ids.length ? { nextToken: String(start + 2) } : {};
      return { imageIds: ids.slice(start, start + 2), ...next };
    }
    if (!(command instanceof BatchDeleteImageCommand)) throw new Error("unknown request");
    requests += 1;
    const asked = (command.input.imageIds ?? []).map(({ imageDigest }) => imageDigest ?? "");
    if (asked.length === 0 || asked.length > 100) throw awsFailure("InvalidParameterException", "");
    const referred = new Set([...left.values()].flatMap(({ parts = [] }) => parts));
    const stays = asked.filter((digest) => referred.has(digest) || refuses.includes(digest));
    const goes = asked.filter((digest) => !stays.includes(digest));
    for (const digest of goes) left.delete(digest);
    return {
      imageIds: goes.map((imageDigest) => ({ imageDigest })),
      failures: stays.map((imageDigest) => ({
        imageId: { imageDigest },
        failureCode: "ImageReferencedByManifestList",
        failureReason: "Requested image referenced by manifest list",
      })),
    };
  };
  const ecr = { send } as unknown as Pick<ECRClient, "send">;
  return { left, ecr, requests: () => requests };
}

test("an index goes before its parts, and all are counted", async () => {
  const { ecr, left } = repository({
    part: { tags: [] },
    attestation: { tags: [] },
    index: { tags: ["v1", "live-0001"], parts: ["part", "attestation"] },
    plain: { tags: ["v2"] },
  });
  expect(await emptyRepository(ecr, "app")).toBe(4);
  expect([...left.keys()]).toEqual([]);
});

test("an index of indexes, and a part with its own tag", async () => {
  const { ecr, left } = repository({
    part: { tags: ["amd64"] },
    inner: { tags: [], parts: ["part"] },
    outer: { tags: [], parts: ["inner"] },
  });
  expect(await emptyRepository(ecr, "app")).toBe(3);
  expect([...left.keys()]).toEqual([]);
});

test("more images than a request takes", async () => {
  const images = Array.from({ length: 250 }, (_, index) => [`d${index}`, { tags: [`v${index}`] }]);
  const { ecr, left, requests } = repository(Object.fromEntries(images) as Record<string, Image>);
  expect(await emptyRepository(ecr, "app")).toBe(250);
  expect(left.size).toBe(0);
  expect(requests()).toBe(3);
});

test("an image that ECR keeps ends it with ECR's reason, after all others are gone", async () => {
  const images = { kept: { tags: ["v1"] }, other: { tags: [] }, third: { tags: ["v3"] } };
  const { ecr, left } = repository(images, ["kept"]);
  await expect(emptyRepository(ecr, "app")).rejects.toMatchObject({
    message: "ECR does not delete 1 images of app.",
    why: "ImageReferencedByManifestList: Requested image referenced by manifest list",
    detail: ["kept"],
  });
  expect([...left.keys()]).toEqual(["kept"]);
});

test("no repository has no images", async () => {
  const send = async () => Promise.reject(awsFailure("RepositoryNotFoundException", "not here"));
  expect(await emptyRepository({ send }, "app")).toBe(0);
});
