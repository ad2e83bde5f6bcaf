import type { Config } from "../../schema/config.ts";
import type { Contradiction } from "../problem.ts";

/** The part of `findContradictions` that is about an image that exists already. */
export function* checkImage({ image }: Pick<Config, "image">): Iterable<Contradiction> {
  for (const key of image.excess) {
    yield {
      paths: [
        ["image", key],
        ["image", "ref"],
      ],
      found: `${key} with image.ref`,
      allowed: `image.ref without ${key}: the image exists already, so nothing is built`,
    };
  }
}
