import { isDeepStrictEqual } from "node:util";
import type { Config } from "../../config/schema/config.ts";
import type { ContainerSettings } from "../../state/release-record.ts";
import type { StackOutputs } from "../../state/stack-record.ts";
import type { SecretPins } from "./secret-pins.ts";

/** What a release gives its container, from the config. */
export function containerSettings(
  config: Pick<Config, "container" | "image" | "health" | "instances" | "env" | "requests">,
  outputs: Pick<StackOutputs, "log_groups">,
  secrets: SecretPins,
): ContainerSettings {
  return {
    port: config.image.port,
    health: {
      path: config.health.path,
      timeout_seconds: config.health.timeoutSeconds,
      drain_seconds: config.health.drainSeconds,
      fail_fast: config.health.failFast,
    },
    stop_seconds: Math.max(config.requests.timeoutSeconds, leastStopSeconds),
    memory_mb: config.instances.memoryMb,
    ...(config.container.gpus === 0 ? {} : { gpus: config.container.gpus }),
    env: config.env,
    secrets,
    log_group: outputs.log_groups.app,
  };
}

/** The same before its secrets were looked up, to compare with what runs. */
export function configuredSettings(
  config: Parameters<typeof containerSettings>[0] & Pick<Config, "secrets">,
  outputs: Pick<StackOutputs, "log_groups">,
): ContainerSettings {
  const secrets = Object.entries(config.secrets).map(
    ([name, as]) => [name, { arn: "", version: "", as }] as const,
  );
  return containerSettings(config, outputs, Object.fromEntries(secrets));
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
  "health.drain": (settings) => settings.health.drain_seconds,
  "health.fail_fast": (settings) => settings.health.fail_fast ?? true,
  "health.path": (settings) => settings.health.path,
  "health.timeout": (settings) => settings.health.timeout_seconds,
  "image.port": (settings) => settings.port,
  "instances.memory": (settings) => settings.memory_mb,
  secrets: (settings) =>
    Object.fromEntries(Object.entries(settings.secrets).map(([name, { as }]) => [name, as])),
  "requests.timeout": (settings) => settings.stop_seconds ?? leastStopSeconds,
};

/** For what an app does at its end besides the last requests. */
const leastStopSeconds = 30;
