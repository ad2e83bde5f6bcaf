import { isDeepStrictEqual } from "node:util";
import type { ContainerSettings } from "../../state/release-record.ts";

/**
 * Keys of the configuration whose value differs from the container settings of a release.
 * Secrets are not compared, because each release has its own versions of them.
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
  env: (settings) => settings.env,
  "health.drain": (settings) => settings.health.drain_seconds,
  "health.fail_fast": (settings) => settings.health.fail_fast ?? true,
  "health.path": (settings) => settings.health.path,
  "health.timeout": (settings) => settings.health.timeout_seconds,
  "image.port": (settings) => settings.port,
  "instances.memory": (settings) => settings.memory_mb,
};
