import * as z from "zod/mini";
import type { Protocol } from "../config/schema/requests.ts";
import type { SecretDelivery } from "../config/schema/secrets.ts";

/** What a release's instances run besides the image. */
export interface ContainerSettings {
  readonly port: number;
  readonly health: HealthSettings;
  /** How long the container may take to stop after SIGTERM. Absent: 30. */
  readonly stop_seconds?: number;
  /** Absent: Docker's own settings, tightened. */
  readonly options?: ContainerOptions;
  /** Megabytes; null means the agent's default, the instance's memory less what the host needs. */
  readonly memory_mb: number | null;
  /** With the strategy recreate: it starts next to no other container of the machine, and may use what both would have. Absent: false. */
  readonly alone?: boolean;
  /** The NVIDIA GPUs that it gets, all or how many. Absent: none. */
  readonly gpus?: "all" | number;
  readonly env: Readonly<Record<string, string>>;
  /** By name. A version's value never changes, so a rollback has the values that its release had. */
  readonly secrets: Readonly<Record<string, SecretPin>>;
  /** Weights that are not in the image. Absent: none. */
  readonly model?: ModelContent;
  readonly log_group: string;
}

/** A model as it was when the release was made: a rollback has the same files, or says why it cannot. */
export interface ModelContent {
  /** The configuration's. */
  readonly source: string;
  /** Where the container sees the files. */
  readonly path: string;
  /** A hub's commit, otherwise a hash over what the source says of its files. */
  readonly revision: string;
  /** The bucket that has the files, in the stack's region. Absent: `from` of each file is an address. */
  readonly bucket?: string;
  /** Name of the secret, one of `secrets`, with the token for the addresses. Absent: they need none. */
  readonly token?: string;
  readonly files: readonly ModelFile[];
}

export interface ModelFile {
  /** Its path below `path` of the container. */
  readonly name: string;
  /** Its key in the bucket, or its address. */
  readonly from: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256?: string;
  /** Git's SHA-1 of the content, which a hub says of small files. */
  readonly git_sha1?: string;
  readonly etag?: string;
  /** Of a bucket with versions. */
  readonly version?: string;
}

/** The configuration's `container`. */
export interface ContainerOptions {
  /** Null: the image's own. */
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly user: string | null;
  /** In place of `stop_seconds` of the container. */
  readonly stop_seconds: number | null;
  /** -1: no limit. */
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly read_only: boolean;
  readonly writable: readonly string[];
  /** Null: half of the container's memory. */
  readonly tmp: { readonly size_mb: number | null; readonly exec: boolean };
  readonly capabilities: readonly string[];
  /** Null: a quarter of the container's memory. */
  readonly shm_mb: number | null;
  readonly cache: { readonly path: string; readonly size_mb: number } | null;
}

/** A version of a secret, and how the container gets it. */
export interface SecretPin {
  /** Of the secret, in Secrets Manager. */
  readonly arn: string;
  readonly version: string;
  readonly as: SecretDelivery;
}

interface HealthSettings {
  readonly path: string;
  readonly timeout_seconds: number;
  /** What the container speaks. Absent: http1. */
  readonly protocol?: Exclude<Protocol, "http1">;
  /** Good answers, gRPC's codes for gRPC. Absent: 200 to 299. */
  readonly codes?: readonly number[];
  /**
   * Whether ten seconds of clear evidence end the wait before the timeout. Evidence is a port that is open on 127.0.0.1 only, another
   * port of the image that is open instead, or a path that answers 401, 403, 404 or 405. Absent: true.
   */
  readonly fail_fast?: boolean;
  /** How long an update in Standby waits for requests in flight before it stops the container. Same as the load balancer's delay. Absent: 10. */
  readonly drain_seconds?: number;
}

const options: z.ZodMiniType<ContainerOptions> = z.looseObject({
  entrypoint: z.nullable(z.array(z.string())),
  command: z.nullable(z.array(z.string())),
  user: z.nullable(z.string()),
  stop_seconds: z.nullable(z.number()),
  ulimits: z.record(z.string(), z.looseObject({ soft: z.number(), hard: z.number() })),
  read_only: z.boolean(),
  writable: z.array(z.string()),
  tmp: z.looseObject({ size_mb: z.nullable(z.number()), exec: z.boolean() }),
  capabilities: z.array(z.string()),
  shm_mb: z.nullable(z.number()),
  cache: z.nullable(z.looseObject({ path: z.string(), size_mb: z.number() })),
});

const model: z.ZodMiniType<ModelContent> = z.looseObject({
  source: z.string(),
  path: z.string(),
  revision: z.string(),
  bucket: z.exactOptional(z.string()),
  token: z.exactOptional(z.string()),
  files: z.array(
    z.looseObject({
      name: z.string(),
      from: z.string(),
      size: z.int(),
      sha256: z.exactOptional(z.string()),
      git_sha1: z.exactOptional(z.string()),
      etag: z.exactOptional(z.string()),
      version: z.exactOptional(z.string()),
    }),
  ),
});

/** The part of a release's record. */
export const containerRecord: z.ZodMiniType<ContainerSettings> = z.looseObject({
  port: z.int(),
  health: z.looseObject({
    path: z.string(),
    timeout_seconds: z.number(),
    protocol: z.exactOptional(z.enum(["http2", "grpc"])),
    codes: z.exactOptional(z.array(z.int())),
    fail_fast: z.exactOptional(z.boolean()),
    drain_seconds: z.exactOptional(z.number()),
  }),
  stop_seconds: z.exactOptional(z.number()),
  options: z.exactOptional(options),
  memory_mb: z.nullable(z.number()),
  alone: z.exactOptional(z.boolean()),
  gpus: z.exactOptional(z.union([z.literal("all"), z.int()])),
  env: z.record(z.string(), z.string()),
  secrets: z.record(
    z.string(),
    z.looseObject({ arn: z.string(), version: z.string(), as: z.enum(["file", "env"]) }),
  ),
  model: z.exactOptional(model),
  log_group: z.string(),
});
