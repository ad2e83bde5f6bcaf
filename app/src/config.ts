import { availableParallelism } from "node:os";

/** Everything that the environment decides. Read once, at the start. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly modelFolder: string;
  /** Threads of one inference, not counting the one that answers HTTP. */
  readonly threads: number;
  readonly logLevel: string;
  readonly version: string;
  readonly release: string | null;
  readonly limits: Limits;
  /** How long SIGTERM waits for requests in flight, in milliseconds. */
  readonly drainTimeout: number;
}

/** What one request may ask for: above it the answer is an error, never a slow answer. */
export interface Limits {
  readonly bodyBytes: number;
  readonly texts: number;
  readonly charactersPerText: number;
}

/** Throws an Error that names the variable when a value makes no sense. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return {
    port: readInteger(env, "PORT", 8080, 0, 65_535),
    host: readText(env, "HOST") ?? "0.0.0.0",
    modelFolder: readText(env, "MODEL_DIR") ?? "/app/model",
    // ONNX Runtime would count the machine's cores. Node leaves out those outside the container's CPU set;
    // a CPU quota it may not see (not under cgroup v1), hence the variable.
    threads: readInteger(env, "INFERENCE_THREADS", availableParallelism(), 1, 256),
    logLevel: readChoice(env, "LOG_LEVEL", "info", logLevels),
    version: readText(env, "INFER_DEPLOY_VERSION") ?? "unknown",
    release: readText(env, "INFER_DEPLOY_RELEASE") ?? null,
    limits: {
      bodyBytes: readInteger(env, "MAX_BODY_BYTES", 1_048_576, 1, 67_108_864),
      texts: readInteger(env, "MAX_TEXTS", 256, 1, 2048),
      charactersPerText: readInteger(env, "MAX_CHARACTERS", 32_768, 1, 1_048_576),
    },
    drainTimeout: readInteger(env, "DRAIN_SECONDS", 25, 1, 3600) * 1000,
  };
}

type Env = Readonly<Record<string, string | undefined>>;

function readText(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

function readInteger(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = readText(env, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

function readChoice(env: Env, name: string, fallback: string, choices: readonly string[]): string {
  const text = readText(env, name) ?? fallback;
  if (!choices.includes(text)) {
    throw new Error(`${name} must be one of ${choices.join(", ")}, not "${text}"`);
  }
  return text;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
