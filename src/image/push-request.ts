import type { Attest } from "../config/schema/image.ts";
import type { BuiltImage } from "./build.ts";

export interface PushRequest {
  readonly image: BuiltImage;
  readonly repository: string;
  /** Becomes the tag, which is immutable. */
  readonly version: string;
  readonly attest: Attest;
  /** The user's folder of Docker's configuration. It need not exist. */
  readonly dockerFolder: string;
}
