import type { Config } from "../config/schema/config.ts";
import { hasInstanceStore } from "../config/fields/instance-type.ts";
import { leastRestGb } from "../config/schema/fleet/container.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ModelContent } from "../state/container-record.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { bytesOf, someNames, withHashes } from "./files.ts";
import { hubSource } from "./hub-source.ts";
import { httpsSource } from "./https-source.ts";
import type { HttpDeps } from "./http.ts";
import { s3Source, type Objects } from "./s3-source.ts";
import type { Source, WantedModel } from "./source.ts";

/** The weights of releases. */
export interface Model {
  /**
   * What the configuration's source has now; null when there is none. Throws CommandError (64) for what is not there, may not be read or
   * does not fit on the instances' disk.
   */
  readonly find: () => Promise<ModelContent | null>;
  /** Throws CommandError (1) when the weights of a release are not there any more as they were. */
  readonly requireOf: (release: Pick<ReleaseRecord, "version" | "container">) => Promise<void>;
}

export interface ModelDeps extends HttpDeps {
  readonly objects: Objects;
}

export function createModel(
  deps: ModelDeps,
  config: Pick<Config, "instances" | "model" | "region">,
  placeOf: (path: readonly string[]) => string,
): Model {
  const { instances, model, region } = config;
  const wantedOf = (settings: NonNullable<Config["model"]>): WantedModel => ({
    settings,
    region,
    placeOf,
  });
  return {
    find: async () => {
      if (model === null) return null;
      const wanted = wantedOf(model);
      const { bucket, files, revision } = await sourceOf(deps, wanted).find();
      checkDisk(bytesOf(files), model.source, instances, placeOf);
      return {
        source: model.source,
        path: model.path,
        revision,
        ...(bucket === undefined ? {} : { bucket }),
        ...(model.token === null ? {} : { token: model.token }),
        files: withHashes(files, wanted),
      };
    },
    requireOf: async ({ version, container }) => {
      const { model: had } = container;
      if (had === undefined) return;
      const missing = await sourceOf(deps, wantedOf(settingsOf(had, model))).missing(had);
      if (missing.length === 0) return;
      throw new CommandError(`The weights of ${version} are not there any more.`, {
        where: had.source,
        why: `${someNames(missing)} is gone, or has changed under its name`,
        next:
          had.bucket === undefined
            ? "infer-deploy rollback --to another version"
            : "infer-deploy rollback --to another version; with versioning of the bucket, or a prefix for each model, later releases keep theirs",
      });
    },
  };
}

function sourceOf(deps: ModelDeps, wanted: WantedModel): Source {
  switch (wanted.settings.from.kind) {
    case "s3":
      return s3Source(deps.objects, wanted);
    case "hub":
      return hubSource(deps, wanted);
    case "https":
      return httpsSource(deps, wanted);
  }
}

/** Of a release that was made with another configuration. */
function settingsOf(had: ModelContent, model: Config["model"]): NonNullable<Config["model"]> {
  const [first] = had.files;
  const address = first?.from ?? "";
  return {
    source: had.source,
    from:
      had.bucket !== undefined
        ? { kind: "s3", bucket: had.bucket, prefix: "" }
        : had.source.startsWith("hf:")
          ? { kind: "hub", repository: "", revision: had.revision }
          : { kind: "https", url: address },
    path: had.path,
    sha256: {},
    endpoint: model?.endpoint ?? "",
    token: had.token ?? null,
  };
}

/** A local disk's size is the type's: there the instance looks before it fetches. */
function checkDisk(
  bytes: number,
  source: string,
  { diskGb, type }: Pick<Config["instances"], "diskGb" | "type">,
  placeOf: (path: readonly string[]) => string,
): void {
  const room = (diskGb - leastRestGb) * gigabyte;
  if (hasInstanceStore(type) || bytes <= room) return;
  throw new CommandError(
    `${source} has ${(bytes / gigabyte).toFixed(1)} GB, and instances.disk is ${diskGb} GB.`,
    {
      exitCode: exitCodes.usage,
      where: `${placeOf(["model", "source"])}, ${placeOf(["instances", "disk"])}`,
      why: `the system and the image need ${leastRestGb} GB or more of the disk`,
      next: `set instances.disk to ${Math.ceil(bytes / gigabyte) + leastRestGb} or more, for the weights of two releases to twice as much; or take an instances.type with a local disk`,
    },
  );
}

/** AWS's disks count in GiB. */
const gigabyte = 2 ** 30;
