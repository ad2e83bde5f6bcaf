import * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { imageReference } from "../fields/image-reference.ts";
import { platformOf, type Platform } from "../fields/instance-type.ts";
import { group, key } from "../fields/keys.ts";

/** What is built or taken, and how it listens. */
export interface ImageSettings {
  /** An image that exists already, as written. Null: it is built. */
  readonly ref: string | null;
  /** Keys that say how to build, although there is a ref. */
  readonly excess: readonly string[];
  /** As written, relative to the folder of infer-deploy.yml. */
  readonly context: string;
  /** As written, relative to the context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile. Null: the last one. */
  readonly target: string | null;
  readonly secrets: readonly BuildSecret[];
  readonly port: number;
  readonly platform: Platform;
  readonly attest: Attest;
}

/** What a step of the build may read below /run/secrets, and no layer keeps. Its value is never in the configuration. */
export interface BuildSecret {
  readonly id: string;
  readonly from: "file" | "env";
  /** The file, as written or absolute; or the environment variable. */
  readonly name: string;
}

/** Whether the registry gets an SBOM and provenance with an image. `auto`: where this machine's Docker can make them. */
export type Attest = (typeof attestChoices)[number];

const attestChoices = ["auto", "required", "off"] as const;

const byDefault = { context: ".", dockerfile: "Dockerfile", port: 8080, attest: "auto" } as const;

const secretId = field.text(
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
  "a name of letters, digits and _ . -, beginning with none of . and -",
);
const secretSource = /^(?:file:[^\n\r\0]{1,1024}|env:[A-Za-z_][A-Za-z0-9_]*)$/;
const secretsAllowed =
  "a map of names, each with file:PATH, relative to this file, or env:VARIABLE";

export const image = group("The container image: what is built or taken, and how it listens.", {
  ref: key(
    imageReference(),
    "Image that exists already, in any registry, instead of one that is built. It is copied into the stack's repository and released by its digest.",
  ),
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
  target: key(
    field.text(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
      "the name of a stage, of letters, digits and _ . -, or its number",
    ),
    "Stage of the Dockerfile that is built. Default: the last one.",
  ),
  secrets: key(
    z.record(secretId, field.text(secretSource, secretsAllowed), { error: secretsAllowed }),
    "Secrets of the build, for RUN --mount=type=secret,id=NAME. No layer keeps them. Needs BuildKit.",
    {},
  ),
  port: key(field.wholeNumber(1, 65_535), "Port on which the container listens.", byDefault.port),
  platform: key(
    field.choice(["linux/amd64", "linux/arm64"]),
    "Platform of the image. Default: the processor of instances.type.",
  ),
  attest: key(
    field.choice(attestChoices),
    "Whether an image is pushed with its SBOM and provenance. auto: where Docker's buildx and its builder can make them. required: a build without them is refused.",
    byDefault.attest,
  ),
});

type ImageKeys = NonNullable<z.infer<typeof image>>;

const buildKeys = ["context", "dockerfile", "build_args", "target", "secrets", "attest"] as const;

export function settleImage(keys: ImageKeys = {}, instanceType: string): ImageSettings {
  return {
    ref: keys.ref ?? null,
    excess: keys.ref === undefined ? [] : buildKeys.filter((name) => keys[name] !== undefined),
    context: keys.context ?? byDefault.context,
    dockerfile: keys.dockerfile ?? byDefault.dockerfile,
    buildArgs: field.toText(keys.build_args),
    target: keys.target ?? null,
    secrets: Object.entries(keys.secrets ?? {}).map(([id, source]) => secretOf(id, source)),
    port: keys.port ?? byDefault.port,
    platform: keys.platform ?? platformOf(instanceType),
    attest: keys.attest ?? byDefault.attest,
  };
}

function secretOf(id: string, source: string): BuildSecret {
  const at = source.indexOf(":");
  return { id, from: source.startsWith("env:") ? "env" : "file", name: source.slice(at + 1) };
}
