import * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { secretName } from "../secrets.ts";
import { group, key } from "../../fields/keys.ts";
import { parseModelSource, sourceAllowed, type ModelSource } from "../../fields/model-source.ts";

/** Weights that are not in the image. */
export interface ModelSettings {
  /** As the file spells it. */
  readonly source: string;
  readonly from: ModelSource;
  /** The folder where the container sees them. */
  readonly path: string;
  /** By file; of the only file under the empty name. Lower case. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Of the hub, without a / at its end. */
  readonly endpoint: string;
  /** Name of a secret; null without. */
  readonly token: string | null;
}

export const defaultHub = "https://huggingface.co";

const hubAllowed = "an address such as https://hub.example.com";
const hashAllowed = "64 hexadecimal digits, or a map of file names, each with 64";
const hash = () =>
  z.string({ error: hashAllowed }).check(z.regex(/^[0-9a-fA-F]{64}$/, { error: hashAllowed }));

const fileName = field.text(/^[^\p{Cc}]{1,1000}$/u, "a file's path below model.path");

export const model = group(
  "Weights that are not in the image. The instance fetches them while it pulls the image, checks them, and keeps them for the next container. Their revision is part of a release: a rollback goes back with it.",
  {
    source: key(
      z
        .string({ error: sourceAllowed })
        .check(z.refine((text) => parseModelSource(text) !== undefined, { error: sourceAllowed })),
      "Where the weights are: s3://BUCKET/PREFIX in the stack's region, hf://ORGANISATION/NAME@REVISION of a hub, or the https address of one file.",
    ),
    path: key(
      field.containerPath(),
      "Folder where the container sees the files, read-only.",
      "/model",
    ),
    sha256: key(
      z.union([hash(), z.record(fileName, hash(), { error: hashAllowed })], {
        error: hashAllowed,
      }),
      "SHA-256 of the only file, or a map of file names with theirs. A file with another one ends the release. A hub says the hashes of its files itself.",
    ),
    endpoint: key(
      z.string({ error: hubAllowed }).check(
        z.regex(/^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w.~-]+)*\/?$/, {
          error: hubAllowed,
        }),
      ),
      "Address of the hub that hf:// means.",
      defaultHub,
    ),
    token: key(
      secretName,
      "Name of the secret, one of secrets, whose value is sent as the token to the hub or the https address.",
    ),
  },
);

type ModelKeys = NonNullable<z.infer<typeof model>>;

/** Null without a source, which `check.ts` asks for when another key is set. */
export function settleModel(keys: ModelKeys | undefined): ModelSettings | null {
  const from = keys?.source === undefined ? undefined : parseModelSource(keys.source);
  if (keys?.source === undefined || from === undefined) return null;
  const { sha256 = {} } = keys;
  const hashes = typeof sha256 === "string" ? { "": sha256 } : sha256;
  return {
    source: keys.source,
    from,
    path: keys.path ?? "/model",
    sha256: Object.fromEntries(
      Object.entries(hashes).map(([name, value]) => [name, value.toLowerCase()]),
    ),
    endpoint: (keys.endpoint ?? defaultHub).replace(/\/$/, ""),
    token: keys.token ?? null,
  };
}
