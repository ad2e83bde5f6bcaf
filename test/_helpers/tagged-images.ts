import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  ListImagesCommand,
  PutImageCommand,
  type DescribeImageScanFindingsResponse,
  type ECRClient,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { awsFailure } from "./aws-failure.ts";

/** One ECR repository in memory: its digests, and the digest of each tag. As ECR with immutable tags, it never moves a tag. */
export class TaggedImages {
  readonly digests = new Set<string>();
  readonly tags = new Map<string, string>();
  /** What every request fails with, while it is set. */
  failure: Error | undefined;
  /** Answers of one image's scan after the other; the last one stays. Without one, no scan has begun. */
  scans: DescribeImageScanFindingsResponse[] = [];

  add(digest: string, ...tags: readonly string[]): this {
    this.digests.add(digest);
    for (const tag of tags) this.tags.set(tag, digest);
    return this;
  }

  get client(): Pick<ECRClient, "send"> {
    const send = async (command: unknown): Promise<unknown> => {
      if (this.failure !== undefined) throw this.failure;
      return Promise.resolve(this.#answer(command));
    };
    return { send: send as ECRClient["send"] };
  }

  #answer(command: unknown): unknown {
    if (command instanceof BatchGetImageCommand) return this.#find(command.input.imageIds ?? []);
    if (command instanceof PutImageCommand) {
      return this.#tag(command.input.imageTag ?? "", command.input.imageDigest ?? "");
    }
    if (command instanceof ListImagesCommand) {
      return {
        imageIds: [...this.tags].map(([imageTag, imageDigest]) => ({ imageTag, imageDigest })),
      };
    }
    if (command instanceof BatchDeleteImageCommand) {
      for (const { imageTag } of command.input.imageIds ?? []) this.tags.delete(imageTag ?? "");
      return {};
    }
    if (command instanceof DescribeImageScanFindingsCommand) {
      const answer = this.scans.length > 1 ? this.scans.shift() : this.scans[0];
      if (answer === undefined) throw awsFailure("ScanNotFoundException", "no scan");
      return answer;
    }
    throw new Error("The fake registry does not know this request.");
  }

  #find(ids: readonly ImageIdentifier[]): unknown {
    const digests = ids
      .map(({ imageDigest, imageTag }) => imageDigest ?? this.tags.get(imageTag ?? ""))
      .filter((digest) => digest !== undefined && this.digests.has(digest));
    return {
      images: digests.map((imageDigest) => ({ imageId: { imageDigest }, imageManifest: "{}" })),
    };
  }

  #tag(tag: string, digest: string): unknown {
    const has = this.tags.get(tag);
    if (has !== undefined) {
      const name = has === digest ? "ImageAlreadyExists" : "ImageTagAlreadyExists";
      throw awsFailure(`${name}Exception`, `The image tag ${tag} already exists`);
    }
    if (!this.digests.has(digest)) throw awsFailure("ImageNotFoundException", digest);
    this.tags.set(tag, digest);
    return {};
  }
}
