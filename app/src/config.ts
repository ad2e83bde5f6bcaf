import { countProcessors } from "./cpu-quota.ts";

/** All settings from the environment, read once at the start. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly modelFolder: string;
  /** The model's name for callers and in answers; null for the name in its folder. */
  readonly modelName: string | null;
  /** Threads that run the model, each with its own copy of it. */
  readonly workers: number;
  /** Threads of one inference, in each worker. */
  readonly threads: number;
  readonly logLevel: string;
  readonly version: string;
  readonly release: string | null;
  readonly limits: Limits;
  /** How long SIGTERM waits for requests in flight, in milliseconds. */
  readonly drainTimeout: number;
}

/** The limits of a request. Above them the answer is an error, never a slow answer. */
export interface Limits {
  readonly bodyBytes: number;
  /** In one request. */
  readonly texts: number;
  readonly charactersPerText: number;
  /** Tokens of one run of the model, including padding. Bounds its memory and the wait of the next request. */
  readonly batchTokens: number;
  /** Texts of all requests that may wait for the model. */
  readonly queuedTexts: number;
  /** From a request's first byte to its answer, in milliseconds. */
  readonly requestTimeout: number;
  /** Bytes of answers that are kept; 0 keeps none. */
  readonly cacheBytes: number;
}

/** Throws an Error that names the variable when a value makes no sense. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const texts = readInteger(env, "MAX_TEXTS", 256, 1, 2048);
  const workers = readInteger(env, "INFERENCE_WORKERS", 1, 1, 64);
  return {
    port: readInteger(env, "PORT", 8080, 0, 65_535),
    host: readText(env, "HOST") ?? "0.0.0.0",
    modelFolder: readText(env, "MODEL_DIR") ?? "/app/model",
    modelName: readText(env, "MODEL_NAME") ?? null,
    workers,
    threads: readInteger(
      env,
      "INFERENCE_THREADS",
      Math.max(1, Math.floor(countProcessors() / workers)),
      1,
      256,
    ),
    logLevel: readChoice(env, "LOG_LEVEL", "info", logLevels),
    version: readText(env, "INFER_DEPLOY_VERSION") ?? "unknown",
    release: readText(env, "INFER_DEPLOY_RELEASE") ?? null,
    limits: {
      bodyBytes: readInteger(env, "MAX_BODY_BYTES", 1_048_576, 1, 67_108_864),
      texts,
      charactersPerText: readInteger(env, "MAX_CHARACTERS", 32_768, 1, 1_048_576),
      batchTokens: readInteger(env, "MAX_BATCH_TOKENS", 512, 1, 65_536),
      queuedTexts: readInteger(env, "MAX_QUEUED_TEXTS", 1024, texts, 1_048_576, "MAX_TEXTS"),
      requestTimeout: readInteger(env, "REQUEST_SECONDS", 30, 1, 3600) * 1000,
      cacheBytes: readInteger(env, "CACHE_MEGABYTES", 24, 0, 65_536) * 1_048_576,
    },
    drainTimeout: readInteger(env, "DRAIN_SECONDS", 25, 1, 3600) * 1000,
  };
}

type Env = Readonly<Record<string, string | undefined>>;

function readText(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

/** `least` says where the lower bound comes from if it is another variable's value. A default below the bound is raised to it. */
function readInteger(
  env: Env,
  name: string,
  fallback: number,
  min: number,
  max: number,
  least?: string,
): number {
  const text = readText(env, name);
  if (text === undefined) return Math.max(fallback, min);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    const from = least === undefined ? String(min) : `${min} (${least})`;
    throw new Error(`${name} must be a whole number from ${from} to ${max}, not "${text}"`);
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
