import { CommandError, exitCodes } from "../../src/errors/command-error.ts";
import type { ReferencedImage } from "../../src/image/ref/referenced-image.ts";
import type { Referenced } from "../../src/image/ref/referenced.ts";
import type { FakeRegistry } from "./fake-registry.ts";

/** An image in another registry, from which the stack's gets a copy. */
export class FakeReferenced implements Referenced {
  /** What the name leads to now; null: nothing. */
  digest: string | null = `sha256:${"1".repeat(64)}`;
  isOwn = false;
  /** The versions that were copied, in their order. */
  readonly copied: string[] = [];
  readonly #registry: FakeRegistry;

  constructor(registry: FakeRegistry) {
    this.#registry = registry;
  }

  readonly find = async (): Promise<ReferencedImage> => {
    if (this.digest === null) {
      throw new CommandError("There is no image ghcr.io/acme/server:1.2.", {
        exitCode: exitCodes.usage,
      });
    }
    return {
      ref: "ghcr.io/acme/server:1.2",
      digest: this.digest,
      manifest: "{}",
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      blobs: [{ digest: `sha256:${"c".repeat(64)}`, size: 3_000_000 }],
    };
  };

  readonly copy: Referenced["copy"] = async ({ image: { digest }, version }) => {
    if (this.#registry.tags.get(version) === digest) return undefined;
    this.#registry.images.set(digest, "sha256:config");
    this.#registry.tags.set(version, digest);
    this.copied.push(version);
    return { passed: 3_000_000, mounted: 0, present: 0 };
  };
}
