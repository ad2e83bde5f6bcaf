import { createHash } from "node:crypto";
import { parseImageReference } from "../../config/fields/image-reference.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { ReferencedImage } from "./referenced-image.ts";
import { RegistryRefusal, type Repository } from "./registry.ts";

/** What is looked for, and where infer-deploy.yml says so. */
export interface Wanted {
  readonly ref: string;
  /** OS/ARCHITECTURE of the instances. */
  readonly platform: string;
  /** FILE:LINE:COLUMN */
  readonly where: string;
}

/**
 * The image for the platform, out of an index if the name is one's. Nothing is downloaded but manifests and a configuration.
 * Throws CommandError (64) for an image that is not there, needs another login, or is for another processor; and what `fetch` throws.
 */
export async function findReferenced(source: Repository, wanted: Wanted): Promise<ReferencedImage> {
  const { reference } = parseImageReference(wanted.ref);
  const named = await readManifest(source, reference, wanted);
  const { manifests } = named.content;
  if (manifests === undefined) {
    const image = imageOf(named, wanted);
    const found = await platformOf(source, named, wanted);
    if (!matches(found, wanted.platform)) throw otherPlatform(wanted, [found]);
    return image;
  }
  const fit = manifests.find(({ platform }) => matches(platformText(platform), wanted.platform));
  if (fit === undefined) {
    const others = manifests.map(({ platform }) => platformText(platform));
    throw otherPlatform(
      wanted,
      others.filter((one) => !one.startsWith("unknown")),
    );
  }
  return imageOf(await readManifest(source, fit.digest, wanted), wanted);
}

/** Of the OCI's and Docker's formats (https://github.com/opencontainers/image-spec). */
interface Content {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly (Descriptor & { readonly platform?: Platform })[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

interface Manifest {
  readonly digest: string;
  readonly text: string;
  readonly mediaType: string;
  readonly content: Content;
}

async function readManifest(
  source: Repository,
  reference: string,
  wanted: Wanted,
): Promise<Manifest> {
  const path = `manifests/${reference}`;
  const answer = await asked(source, wanted, async () =>
    source.ask(path, { headers: { accept: manifestTypes.join(", ") } }),
  );
  const text = await answer.text();
  const mediaType = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  if (reference.startsWith("sha256:") && digest !== reference) {
    throw refusal(wanted, `${source.host} answers with another manifest than ${reference}.`, {
      why: `the manifest's digest is ${digest}`,
      next: "a proxy may have changed it: look at the network",
    });
  }
  if (!manifestTypes.includes(mediaType)) throw noImage(wanted, mediaType);
  return { digest, text, mediaType, content: JSON.parse(text) as Content };
}

function imageOf({ digest, text, mediaType, content }: Manifest, wanted: Wanted): ReferencedImage {
  const { config, layers = [] } = content;
  if (config === undefined || !configTypes.has(config.mediaType)) {
    throw noImage(wanted, config?.mediaType ?? mediaType);
  }
  const blobs = new Map([config, ...layers].map((blob) => [blob.digest, blob.size]));
  return {
    ref: wanted.ref,
    digest,
    manifest: text,
    mediaType,
    blobs: [...blobs].map(([of, size]) => ({ digest: of, size })),
  };
}

/** Of an image outside an index: its configuration says it. */
async function platformOf(
  source: Repository,
  { content }: Manifest,
  wanted: Wanted,
): Promise<string> {
  const path = `blobs/${content.config?.digest}`;
  const answer = await asked(source, wanted, async () => source.ask(path));
  return platformText((await answer.json()) as Platform);
}

/** Throws CommandError (64) when the registry has no such image, or not for this user. */
async function asked(
  { host }: Repository,
  wanted: Wanted,
  request: () => Promise<Response>,
): Promise<Response> {
  let answer;
  try {
    answer = await request();
  } catch (error) {
    if (!(error instanceof RegistryRefusal)) throw error;
    throw refusal(wanted, `${host} does not let this user read ${wanted.ref}.`, {
      // Many registries answer the same for both, so that no one can look for names.
      why: error.hadLogin
        ? "the login in Docker's configuration may not, or there is no such image"
        : "Docker's configuration has no login for it; the image is private, or there is none",
      next: `docker login ${host}, with a user who may pull it, or correct image.ref`,
    });
  }
  if (answer.ok) return answer;
  await answer.body?.cancel();
  if (answer.status === 404) {
    throw refusal(wanted, `There is no image ${wanted.ref}.`, {
      why: `${host} does not know its repository, or not its tag or digest`,
      next: "correct image.ref",
    });
  }
  const is = answer.status === 429 ? "allows no more requests for now" : "does not work";
  throw new CommandError(`The registry ${host} ${is}: it answered ${answer.status}.`, {
    where: wanted.where,
    next: "run the same command again in a few minutes",
  });
}

function otherPlatform(wanted: Wanted, found: readonly string[]): CommandError {
  const list = [...new Set(found)].join(", ");
  return refusal(wanted, `${wanted.ref} is not for ${wanted.platform}.`, {
    why: list === "" ? "it names no platform" : `it is for ${list}`,
    next: `name an image for ${wanted.platform}, or choose an instances.type with the image's processor`,
  });
}

function noImage(wanted: Wanted, type: string): CommandError {
  return refusal(wanted, `${wanted.ref} is no image of a container.`, {
    why: `its type is ${type === "" ? "unknown" : type}`,
    next: "name one that docker pull accepts",
  });
}

function refusal(
  { where }: Wanted,
  message: string,
  facts: { readonly why: string; readonly next: string },
): CommandError {
  return new CommandError(message, { exitCode: exitCodes.usage, where, ...facts });
}

function platformText({
  os = "unknown",
  architecture = "unknown",
  variant,
}: Platform = {}): string {
  return `${os}/${architecture}${variant === undefined ? "" : `/${variant}`}`;
}

/** A variant that every 64-bit processor of the architecture has does not count, such as arm64's v8. */
function matches(found: string, platform: string): boolean {
  return found === platform || found === `${platform}/v8`;
}

/** The first format of Docker, without a configuration, is not among them: ECR refuses it. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const configTypes: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);
