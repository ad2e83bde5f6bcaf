import type { DockerfileFacts } from "./dockerfile.ts";
import type { EnvChange } from "./trial/limit.ts";
import type { Trial } from "./trial/try-image.ts";

/** A value with the reason for it, as a sentence without its full stop. */
export interface Known<T> {
  readonly value: T;
  readonly reason: string;
  /** Whether it is a guess that a person must check. */
  readonly isGuess: boolean;
}

/** What infer-deploy.yml will say. */
export interface InitSettings {
  readonly name: string;
  readonly region: string;
  /** The image that exists already; null when it is built from the Dockerfile. */
  readonly ref: string | null;
  /** Relative to the file. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly port: Known<number>;
  readonly path: Known<string>;
  /** Null where the default does. */
  readonly healthTimeout: Known<number> | null;
  readonly env: readonly EnvChange[];
  /** What keeps the container from running on an instance; a sentence each. */
  readonly problems: readonly string[];
  /** OWNER/NAME, for two environments and the roles of its workflows. Null for none. */
  readonly repository: string | null;
}

export interface Given extends Pick<
  InitSettings,
  "name" | "region" | "ref" | "context" | "dockerfile" | "buildArgs" | "repository"
> {
  readonly facts: DockerfileFacts;
  /** Null when the container was not run. */
  readonly trial: Trial | null;
}

/** What was seen comes before what the Dockerfile declares, and that before the defaults. */
export function settingsOf({ facts, trial, ...given }: Given): InitSettings {
  return {
    ...given,
    port: portOf(facts, trial, given.ref),
    path: pathOf(facts, trial),
    healthTimeout: timeoutOf(trial),
    env: trial?.env ?? [],
    problems: trial?.problems ?? [],
  };
}

function portOf(facts: DockerfileFacts, trial: Trial | null, ref: string | null): Known<number> {
  const seen = trial?.port ?? null;
  if (seen !== null) {
    const others = trial?.otherPorts ?? [];
    const also = others.length === 0 ? "" : `; it also listens on ${others.join(", ")}`;
    return {
      value: seen,
      reason: `init ran the container, and it listened here${also}`,
      isGuess: false,
    };
  }
  const [first, ...others] = facts.ports;
  if (first === undefined) {
    const reason =
      ref === null
        ? "the Dockerfile has no EXPOSE, so this is a guess"
        : "a guess: the container was not seen to listen";
    return { value: defaultPort, reason, isGuess: true };
  }
  return others.length === 0
    ? { value: first, reason: "EXPOSE in the Dockerfile", isGuess: false }
    : {
        value: first,
        reason: `the first EXPOSE of the Dockerfile, which also has ${others.join(", ")}`,
        isGuess: true,
      };
}

function pathOf(facts: DockerfileFacts, trial: Trial | null): Known<string> {
  if (trial !== null && trial.path !== null) {
    const reason = `init asked, and GET ${trial.path} answered 200`;
    return { value: trial.path, reason, isGuess: false };
  }
  if (facts.healthPath !== null) {
    return {
      value: facts.healthPath,
      reason: "HEALTHCHECK in the Dockerfile",
      isGuess: trial !== null,
    };
  }
  return {
    value: "/healthz",
    reason: trial === null ? "a guess: the container was not run" : "a guess: no path answered 200",
    isGuess: true,
  };
}

/** Three times what it took here, because an instance may be slower, and only when the default would be too short for that. */
function timeoutOf(trial: Trial | null): Known<number> | null {
  const seconds = trial?.seconds ?? 0;
  if (seconds * 3 <= defaultTimeoutSeconds) return null;
  const value = Math.ceil((seconds * 3) / 60) * 60;
  return { value, reason: `the container took ${Math.round(seconds)} s here`, isGuess: false };
}

/** Of image.port. */
const defaultPort = 8080;
/** Of health.timeout. */
const defaultTimeoutSeconds = 120;
