/** A Docker engine that instances can have: the one that a Debian release packages. */
export interface Engine {
  /** The Debian release, as its packages name it. */
  readonly suite: string;
  /** The base image where a registry can be reached. */
  readonly official: string;
  /** The replacement that sandbox/base/make-debian builds elsewhere. */
  readonly made: string;
  /** The variable that names another base image. */
  readonly variable: string;
}

/** By the version that `sandbox start --engine` takes. The first one is the default, and the only one that bin/setup builds. */
export const engines = {
  "20.10": {
    suite: "bookworm",
    official: "debian:bookworm-slim",
    made: "infer-deploy-base/debian:bookworm",
    variable: "INFER_DEPLOY_BASE_DEBIAN",
  },
  "26": {
    suite: "trixie",
    official: "debian:trixie-slim",
    made: "infer-deploy-base/debian:trixie",
    variable: "INFER_DEPLOY_BASE_DEBIAN_13",
  },
} as const satisfies Readonly<Record<string, Engine>>;

export type EngineVersion = keyof typeof engines;

export const defaultEngine: EngineVersion = "20.10";

export function isEngineVersion(text: string): text is EngineVersion {
  return Object.hasOwn(engines, text);
}

/** The name of the instance image with this engine. The default engine's is the folder's hash alone. */
export function instanceTag(hash: string, engine: EngineVersion): string {
  return engine === defaultEngine ? hash : `${hash}-docker${engine}`;
}

/**
 * The base image for an engine. `debian` is the base image that bin/setup found or made: where it made one, there is no
 * registry, so the other release's base must be made as well.
 */
export function baseOf(
  engine: EngineVersion,
  env: Readonly<Record<string, string | undefined>>,
  debian: string | undefined,
): string {
  const { variable, official, made }: Engine = engines[engine];
  const found = engine === defaultEngine ? debian : undefined;
  const standIn = debian?.startsWith("infer-deploy-base/") === true;
  return env[variable] || (found ?? (standIn ? made : official));
}
