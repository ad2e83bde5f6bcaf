import type { Config } from "../config/schema/config.ts";
import { describeLine } from "../errors/describe.ts";
import { hashContext } from "../image/context-hash.ts";
import type { ReferencedImage } from "../image/ref/referenced-image.ts";
import type { Referenced } from "../image/ref/referenced.ts";
import { imageSource } from "../image/source.ts";
import type { Interrupts } from "../process/interrupts.ts";
import { findImageStep, sourceHash } from "../release/image/put-image.ts";
import type { Reporter } from "../report/reporter.ts";
import type { ReleaseRecord } from "../state/release-record.ts";

/** What a release would be made of now. */
export interface Sources {
  readonly contextHash: string;
  /** The image of image.ref; undefined when the image is built. */
  readonly found: ReferencedImage | undefined;
}

/**
 * Throws CommandError (64) when image.ref names no usable image. A stack that serves needs its registry no more, so there it is only a warning.
 */
export async function readSources(
  {
    config,
    interrupts,
    referenced,
    reporter,
    root,
  }: {
    readonly config: Pick<Config, "image" | "name">;
    readonly interrupts: Pick<Interrupts, "aborted">;
    readonly referenced: Pick<Referenced, "find"> | null;
    readonly reporter: Pick<Reporter, "notify">;
    readonly root: string;
  },
  good: ReleaseRecord | undefined,
): Promise<Sources> {
  if (referenced === null) {
    // --build-arg is for what differs between machines, such as a mirror's base image, so it does not count as sources.
    const contextHash = await hashContext(imageSource(config, root, {}), interrupts.aborted);
    return { contextHash, found: undefined };
  }
  try {
    const found = await findImageStep(reporter, referenced, config.image.ref ?? "");
    return { contextHash: sourceHash(found), found };
  } catch (error) {
    interrupts.aborted.throwIfAborted();
    if (good === undefined) throw error;
    const text = `whether image.ref has another image now is not known: ${describeLine(error)}`;
    reporter.notify({ type: "warning", text });
    return { contextHash: good.context_hash, found: undefined };
  }
}
