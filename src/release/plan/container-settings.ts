import { isDeepStrictEqual } from "node:util";
import type { Config } from "../../config/schema/config.ts";
import { settleContainer } from "../../config/schema/fleet/container.ts";
import type {
  ContainerOptions,
  ContainerSettings,
  ModelContent,
} from "../../state/container-record.ts";
import type { StackOutputs } from "../../state/stack-record.ts";
import type { SecretPins } from "./secret-pins.ts";

/** The configuration's name of each option. */
const optionKeys = {
  cache: "cache",
  capabilities: "capabilities",
  command: "command",
  entrypoint: "entrypoint",
  read_only: "read_only",
  shm: "shm_mb",
  stop_timeout: "stop_seconds",
  tmp: "tmp",
  ulimits: "ulimits",
  user: "user",
  writable: "writable",
} as const satisfies Readonly<Record<string, keyof ContainerOptions>>;

/** What a release gives its container, from the config. */
export function containerSettings(
  config: Pick<
    Config,
    "container" | "image" | "health" | "instances" | "env" | "release" | "requests"
  >,
  outputs: Pick<StackOutputs, "log_groups">,
  secrets: SecretPins,
  model: ModelContent | null,
): ContainerSettings {
  const { protocol } = config.requests;
  return {
    port: config.image.port,
    health: {
      path: config.health.path,
      timeout_seconds: config.health.timeoutSeconds,
      ...(protocol === "http1" ? {} : { protocol }),
      ...(config.health.codes === null ? {} : { codes: config.health.codes }),
      drain_seconds: config.health.drainSeconds,
      fail_fast: config.health.failFast,
    },
    stop_seconds: Math.max(config.requests.timeoutSeconds, leastStopSeconds),
    options: optionsOf(config.container),
    memory_mb: config.instances.memoryMb,
    ...(config.release.strategy === "recreate" ? { alone: true } : {}),
    ...(config.container.gpus === 0 ? {} : { gpus: config.container.gpus }),
    env: config.env,
    secrets,
    ...(model === null ? {} : { model }),
    log_group: outputs.log_groups.app,
  };
}

function optionsOf(container: Config["container"]): ContainerOptions {
  const { entrypoint, command, user, ulimits, writable, capabilities, cache } = container;
  return {
    entrypoint,
    command,
    user,
    stop_seconds: container.stopSeconds,
    ulimits,
    read_only: container.readOnly,
    writable,
    tmp: { size_mb: container.tmp.sizeMb, exec: container.tmp.exec },
    capabilities,
    shm_mb: container.shmMb,
    cache: cache === null ? null : { path: cache.path, size_mb: cache.sizeMb },
  };
}

/** The same before its secrets and its weights were looked up, to compare with what runs. */
export function configuredSettings(
  config: Parameters<typeof containerSettings>[0] & Pick<Config, "model" | "secrets">,
  outputs: Pick<StackOutputs, "log_groups">,
): ContainerSettings {
  const secrets = Object.entries(config.secrets).map(
    ([name, as]) => [name, { arn: "", version: "", as }] as const,
  );
  const { model } = config;
  return containerSettings(
    config,
    outputs,
    Object.fromEntries(secrets),
    model === null
      ? null
      : {
          source: model.source,
          path: model.path,
          revision: "",
          files: [],
          ...(model.token === null ? {} : { token: model.token }),
        },
  );
}

/**
 * Keys of the configuration whose value differs from the container settings of a release. Versions of secrets are not compared, because
 * each release has its own.
 */
export function changedSettings(
  running: ContainerSettings,
  wanted: ContainerSettings,
): readonly string[] {
  return Object.entries(read)
    .filter(([, value]) => !isDeepStrictEqual(value(running), value(wanted)))
    .map(([key]) => key);
}

const read: Readonly<Record<string, (settings: ContainerSettings) => unknown>> = {
  "container.gpus": (settings) => settings.gpus ?? 0,
  env: (settings) => settings.env,
  ...optionReaders(),
  "health.codes": (settings) => settings.health.codes ?? null,
  "health.drain": (settings) => settings.health.drain_seconds,
  "health.fail_fast": (settings) => settings.health.fail_fast ?? true,
  "health.path": (settings) => settings.health.path,
  "health.timeout": (settings) => settings.health.timeout_seconds,
  "image.port": (settings) => settings.port,
  "instances.memory": (settings) => settings.memory_mb,
  "model.path": (settings) => settings.model?.path ?? null,
  "model.source": (settings) => settings.model?.source ?? null,
  "model.token": (settings) => settings.model?.token ?? null,
  "release.strategy": (settings) => settings.alone ?? false,
  secrets: (settings) =>
    Object.fromEntries(Object.entries(settings.secrets).map(([name, { as }]) => [name, as])),
  "requests.timeout": (settings) => settings.stop_seconds ?? leastStopSeconds,
};

/** A release without options has the defaults. */
function optionReaders(): Readonly<Record<string, (settings: ContainerSettings) => unknown>> {
  const usual = optionsOf(settleContainer({}, { type: "", diskGb: 0 }));
  return Object.fromEntries(
    Object.entries(optionKeys).map(([name, key]) => [
      `container.${name}`,
      ({ options = usual }: ContainerSettings) => options[key],
    ]),
  );
}

/** For what an app does at its end besides the last requests. */
const leastStopSeconds = 30;
