import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import type { BuiltImage } from "../../src/image/build.ts";
import type { Run } from "../../src/process/programs/run.ts";
import type { Session } from "../../src/release/session.ts";
import { awsFailure } from "./aws-failure.ts";

/**
 * A Docker engine and the registry that it pushes to, with state in plain view. The engine builds `sources`: the same ones have the same image
 * id. The registry's tags are immutable, and images go by the digest of their manifest. Nothing else of docker or ECR is known.
 */
export class FakeRegistry {
  /** What the Dockerfile builds now; null: it does not build. */
  sources: string | null = "sources of v8";
  /** Image ids by the names that the engine has for them. */
  readonly engine = new Map<string, string>();
  /** Ids of the images in the registry, by the digests of their manifests; and digests by tags. */
  readonly images = new Map<string, string>();
  readonly tags = new Map<string, string>();
  /** Digests of indexes, each of one image and its attestations, and of that image. */
  readonly indexes = new Map<string, string>();
  /** Docker's verbs in the order in which they were called. */
  readonly verbs: string[] = [];
  /** Names of the repositories that were asked for. It does not keep them apart. */
  readonly repositories = new Set<string>();
  /** Critical findings in every image. */
  criticalFindings = 0;
  /** An error for every request to the registry. */
  broken: Error | null = null;

  /** An image with its tag, as an earlier release has left it; resolves to its digest. */
  has(sources: string, ...tags: readonly string[]): string {
    const id = imageId(sources);
    const digest = digestOf(id);
    this.images.set(digest, id);
    for (const tag of tags) this.tags.set(tag, digest);
    return digest;
  }

  /** The same with attestations, as a builder pushes it; resolves to the index's digest. */
  hasIndex(sources: string): string {
    const image = this.has(sources);
    const digest = imageId(`index of ${image}`);
    this.indexes.set(digest, image);
    return digest;
  }

  readonly run: Run = async ({ args, onLine }) => {
    const verb = args[0] === "buildx" ? args.slice(0, 2).join(" ") : (args[0] ?? "");
    this.verbs.push(verb);
    const reference = args.at(-1) ?? "";
    switch (verb) {
      case "buildx build": {
        if (this.sources === null) {
          onLine?.("ERROR: the wheel is missing", "stderr");
          return { exitCode: 1, stdout: "", stderr: "" };
        }
        await writeFile(args[args.indexOf("--iidfile") + 1] ?? "", imageId(this.sources));
        this.engine.set(args[args.indexOf("--tag") + 1] ?? "", imageId(this.sources));
        break;
      }
      case "image": {
        const isId = [...this.engine.values()].includes(reference);
        const id = isId ? reference : this.engine.get(reference);
        return { exitCode: id === undefined ? 1 : 0, stdout: id ?? "", stderr: "" };
      }
      case "tag":
        this.engine.set(reference, args.at(-2) ?? "");
        break;
      case "rmi":
        this.engine.delete(reference);
        break;
      case "push": {
        const id = this.engine.get(reference) ?? "";
        this.images.set(digestOf(id), id);
        this.tags.set(reference.split(":").at(-1) ?? "", digestOf(id));
        break;
      }
      default:
    }
    return { exitCode: 0, stdout: "", stderr: "" };
  };

  readonly ecr: Session["ecr"] = async () => {
    return { send: async (command: unknown) => this.#answer(command) as never };
  };

  #answer(command: unknown): unknown {
    if (this.broken !== null) throw this.broken;
    const { repositoryName } = (command as { readonly input: { repositoryName?: string } }).input;
    if (repositoryName !== undefined) this.repositories.add(repositoryName);
    if (command instanceof GetAuthorizationTokenCommand) {
      const authorizationToken = Buffer.from("AWS:secret").toString("base64");
      const proxyEndpoint = "https://registry.example";
      return { authorizationData: [{ authorizationToken, proxyEndpoint }] };
    }
    if (command instanceof BatchGetImageCommand) {
      const [asked] = command.input.imageIds ?? [];
      const digest = asked?.imageDigest ?? this.tags.get(asked?.imageTag ?? "") ?? "";
      const manifest = this.#manifest(digest);
      const imageManifest = JSON.stringify(manifest);
      return {
        images: manifest === undefined ? [] : [{ imageId: { imageDigest: digest }, imageManifest }],
      };
    }
    if (command instanceof PutImageCommand) {
      const { imageTag = "", imageDigest = "" } = command.input;
      const tagged = this.tags.get(imageTag);
      if (tagged !== undefined) {
        const name = tagged === imageDigest ? "ImageAlreadyExists" : "ImageTagAlreadyExists";
        throw awsFailure(`${name}Exception`, "it is there already");
      }
      this.tags.set(imageTag, imageDigest);
      return {};
    }
    if (command instanceof ListImagesCommand) {
      const tagged = [...this.tags].map(([imageTag, imageDigest]) => ({ imageTag, imageDigest }));
      const others = [...this.images.keys()].filter(
        (imageDigest) => !tagged.some((one) => one.imageDigest === imageDigest),
      );
      return { imageIds: [...tagged, ...others.map((imageDigest) => ({ imageDigest }))] };
    }
    if (command instanceof BatchDeleteImageCommand) {
      const { imageIds = [] } = command.input;
      for (const { imageTag, imageDigest } of imageIds) {
        if (imageTag !== undefined) this.tags.delete(imageTag);
        if (imageDigest !== undefined) this.#remove(imageDigest);
      }
      return { imageIds, failures: [] };
    }
    if (command instanceof DescribeImageScanFindingsCommand) {
      return {
        imageScanStatus: { status: "COMPLETE" },
        imageScanFindings: { findingSeverityCounts: { CRITICAL: this.criticalFindings } },
      };
    }
    throw new Error("this registry does not know the request");
  }

  #manifest(digest: string): object | undefined {
    const config = this.images.get(digest);
    const image = this.indexes.get(digest);
    if (image !== undefined) return { manifests: [{ digest: image }] };
    return config === undefined ? undefined : { config: { digest: config } };
  }

  /** An image goes with all its tags. */
  #remove(digest: string): void {
    this.images.delete(digest);
    for (const [tag, of] of this.tags) if (of === digest) this.tags.delete(tag);
  }
}

/** An image that the engine has, with its old image store. */
export function engineImage(id: string): BuiltImage {
  const source = {
    context: "/app",
    dockerfile: "/app/Dockerfile",
    buildArgs: {},
    target: null,
    secrets: [],
    platform: "linux/amd64",
    tag: "infer-deploy-build/app:latest",
  };
  return { id, source };
}

export function imageId(sources: string): string {
  return `sha256:${createHash("sha256").update(sources).digest("hex")}`;
}

function digestOf(id: string): string {
  return imageId(`manifest of ${id}`);
}
