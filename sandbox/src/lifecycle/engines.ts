import { defaultEngine, type EngineVersion } from "../client/engine-versions.ts";

/** A Docker engine is the one that a Debian release packages. */
interface Engine {
  /** The Debian release, as its packages name it. */
  readonly suite: string;
  /** The base image where a registry can be reached. */
  readonly official: string;
  /** The replacement that sandbox/base/make-debian builds elsewhere. */
  readonly made: string;
  /** The variable that names another base image. */
  readonly variable: string;
}

export const engines: Readonly<Record<EngineVersion, Engine>> = {
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
};

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
  const { variable, official, made } = engines[engine];
  const found = engine === defaultEngine ? debian : undefined;
  const standIn = debian?.startsWith("infer-deploy-base/") === true;
  return env[variable] || (found ?? (standIn ? made : official));
}
