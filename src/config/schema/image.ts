import type * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { platformOf, type Platform } from "../fields/instance-type.ts";
import { group, key } from "../fields/keys.ts";

/** What is built, and how it listens. */
export interface ImageSettings {
  /** As written, relative to the folder of infer-deploy.yml. */
  readonly context: string;
  /** As written, relative to the context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly port: number;
  readonly platform: Platform;
  readonly attest: Attest;
}

/** Whether the registry gets an SBOM and provenance with an image. `auto`: where this machine's Docker can make them. */
export type Attest = (typeof attestChoices)[number];

const attestChoices = ["auto", "required", "off"] as const;

const byDefault = { context: ".", dockerfile: "Dockerfile", port: 8080, attest: "auto" } as const;

export const image = group("The container image: what is built and how it listens.", {
  context: key(
    field.filePath("a folder"),
    "Folder sent to Docker as the build context, relative to this file.",
    byDefault.context,
  ),
  dockerfile: key(
    field.filePath("a file"),
    "The Dockerfile, relative to the context.",
    byDefault.dockerfile,
  ),
  build_args: key(
    field.variables(),
    "Build arguments. They stay readable in the image: no secrets.",
    {},
  ),
  port: key(field.wholeNumber(1, 65_535), "Port on which the container listens.", byDefault.port),
  platform: key(
    field.choice(["linux/amd64", "linux/arm64"]),
    "Platform that the image is built for. Default: the processor of instances.type.",
  ),
  attest: key(
    field.choice(attestChoices),
    "Whether an image is pushed with its SBOM and provenance. auto: where Docker's buildx and its builder can make them. required: a build without them is refused.",
    byDefault.attest,
  ),
});

type ImageKeys = NonNullable<z.infer<typeof image>>;

export function settleImage(keys: ImageKeys = {}, instanceType: string): ImageSettings {
  return {
    context: keys.context ?? byDefault.context,
    dockerfile: keys.dockerfile ?? byDefault.dockerfile,
    buildArgs: field.toText(keys.build_args),
    port: keys.port ?? byDefault.port,
    platform: keys.platform ?? platformOf(instanceType),
    attest: keys.attest ?? byDefault.attest,
  };
}
